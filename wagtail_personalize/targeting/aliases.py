"""An alias that loses its source must not open by that.

While it follows its source it has the restrictions of the source. When it becomes a page of its own, or the source is
deleted, what it would lose becomes its own choice first.
"""

from collections.abc import Iterable

from django.db import transaction

from .audiences import clauses_of, intern
from .clauses import Clauses
from .effective import lock
from .inheritance import Inheritance
from .models import PageAudience
from .page_audiences import store
from .page_tree import page_model, upwards


@transaction.atomic
def keep_restrictions(alias_paths: Iterable[str]) -> None:
    """Make what these aliases have only from their sources their own."""
    paths = sorted(alias_paths)
    if not paths or not PageAudience.objects.filter(access__isnull=False).exists():
        return
    lock()
    before = Inheritance.load()
    later = before.without_sources(set(paths))
    kept: dict[str, Clauses] = {}
    for path in paths:
        above = frozenset().union(*(kept.get(p, frozenset()) for p in upwards(path)))
        if lost := before.at(path).access - later.at(path).access - above:
            kept[path] = lost
    for path, clauses in kept.items():
        _add_restrictions(path, clauses)


def _add_restrictions(path: str, clauses: Clauses) -> None:
    key = page_model()._base_manager.values_list("translation_key", flat=True).get(path=path)
    own = PageAudience.objects.filter(translation_key=key).select_related("access", "recommendation").first()
    access = intern(clauses | clauses_of(own and own.access))
    store(key, access, own and own.recommendation, own and own.changed_by)

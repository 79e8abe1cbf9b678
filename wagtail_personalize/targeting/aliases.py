"""A page that loses what it inherits must not open by that.

While an alias follows its source it has the restrictions of the source. When it becomes a page of its own, or the
source is deleted, what it would lose becomes its own choice first. The same goes for a copy, which is no alias and may
stand in another section.
"""

from collections.abc import Iterable, Mapping
from typing import Any

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
    _keep({path: before.at(path).access - later.at(path).access for path in paths})


def keep_in_copies(copies: Mapping[str, str], user: Any = None) -> None:
    """Give the copies the restrictions that their sources only inherit, as far as they have them not in their place.

    ``copies`` are paths by the path of the source.
    """
    if not PageAudience.objects.filter(access__isnull=False).exists():
        return
    lock()
    now = Inheritance.load()
    _keep({copy: now.at(source).access - now.at(copy).access for source, copy in copies.items()}, user)


def _keep(lost: Mapping[str, Clauses], user: Any = None) -> None:
    """Add what is lost at each path to the choice there, unless it now stands further up."""
    kept: dict[str, Clauses] = {}
    for path in sorted(lost):
        above = frozenset().union(*(kept.get(p, frozenset()) for p in upwards(path)))
        if left := lost[path] - above:
            kept[path] = left
    for path, clauses in kept.items():
        _add_restrictions(path, clauses, user)


def _add_restrictions(path: str, clauses: Clauses, user: Any) -> None:
    key = page_model()._base_manager.values_list("translation_key", flat=True).get(path=path)
    own = PageAudience.objects.filter(translation_key=key).select_related("access", "recommendation").first()
    access = intern(clauses | clauses_of(own and own.access))
    store(key, access, own and own.recommendation, own.changed_by if own else user)

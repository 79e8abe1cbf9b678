"""What the server was not told: noted in the database, in the transaction of the change, and told when it answers.

Whoever writes the last of two changes writes what the database says then: notes are read first and the database
afterwards, one process at a time, and a note is taken away only with what it stood for.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connections, router, transaction
from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone
from modelsearch.backends import get_search_backend, import_backend
from modelsearch.backends.base import get_model_root
from modelsearch.conf import get_app_config
from modelsearch.index import get_indexed_instance

from wagtail_personalize.segments import versions
from wagtail_personalize.setsql import delete_rows, insert_select
from wagtail_personalize.targeting.page_tree import page_model, within

from ...models import PendingDocument

logger = logging.getLogger(__name__)
AT_ONCE = 500
#: A rebuild that began longer ago was killed.
_REBUILD_AT_MOST = timedelta(hours=24)
_TURN = "search_server"


def server_names() -> list[str]:
    """The names of those search backends of the site that are a server and know audiences."""
    entries = get_app_config().get_search_backend_config()
    return [name for name, entry in entries.items() if hasattr(import_backend(entry["BACKEND"]), "knows_audiences")]


def _waiting() -> QuerySet[PendingDocument]:
    return PendingDocument.objects.filter(is_written=False).exclude(key="")


def pending_keys(root: type[Model]) -> list[str]:
    """The keys of what must not be found now; one query, whose text is kept, since every search asks it."""
    using = router.db_for_read(PendingDocument)
    with connections[using].cursor() as cursor:
        cursor.execute(_asking_for_keys(using), [root._meta.label_lower, False, ""])
        return [key for (key,) in cursor.fetchall()]


@cache
def _asking_for_keys(using: str) -> str:
    quote, name = connections[using].ops.quote_name, PendingDocument._meta.get_field
    root, key, is_written = (quote(name(field).column) for field in ("root", "key", "is_written"))
    table = quote(PendingDocument._meta.db_table)
    return f"SELECT DISTINCT {key} FROM {table} WHERE {root} = %s AND {is_written} = %s AND {key} <> %s"


def note(objects: Iterable[Model], *, is_written: bool = False) -> None:
    """These are to be written, or to be deleted if they are gone."""
    PendingDocument.objects.bulk_create(
        PendingDocument(root=get_model_root(type(one))._meta.label_lower, key=str(one.pk), is_written=is_written)
        for one in objects
    )


def catch_up_soon() -> None:
    """After this transaction, if there is anything; the server has just answered."""
    if _waiting().exists():
        _enqueue()


def _enqueue() -> None:
    from .tasks import catch_up_task

    transaction.on_commit(catch_up_task.enqueue, using=router.db_for_write(PendingDocument), robust=True)


def audiences_changed(paths: Iterable[str]) -> None:
    """Pages at and below ``paths`` may have another audience; they are left out until the server knows it."""
    paths = list(paths)
    if not paths or not server_names():
        return
    root = page_model()._meta.label_lower
    pages = page_model()._base_manager.filter(Q() if "" in paths else within(paths)).order_by()
    label = Value(root, output_field=CharField(max_length=100))
    key = Cast("pk", CharField(max_length=64))
    values = pages.values_list(label, key, Value(True), Value(False), Value(timezone.now()))
    columns = ["root", "key", "only_audience", "is_written", "created_at"]
    insert_select(PendingDocument, columns, values)
    _enqueue()


def begin_rebuild(root: type[Model]) -> PendingDocument:
    """Until ``end_rebuild``, what is written is remembered, for the new index."""
    return PendingDocument.objects.create(root=root._meta.label_lower, key="")


def end_rebuild(mark: PendingDocument) -> None:
    """The new index is in use: it is told what happened since the rebuild began."""
    mark.delete()
    PendingDocument.objects.filter(root=mark.root, is_written=True).update(is_written=False)
    catch_up()


def is_rebuilding(root: str) -> bool:
    since = timezone.now() - _REBUILD_AT_MOST
    return PendingDocument.objects.filter(root=root, key="", created_at__gt=since).exists()


def catch_up() -> int:
    """Tell the servers what they have not been told; returns how many documents. Raises if one does not answer."""
    PendingDocument.objects.filter(key="", created_at__lte=timezone.now() - _REBUILD_AT_MOST).delete()
    backends, done = [get_search_backend(name) for name in server_names()], 0
    while backends and _waiting().exists():
        done += _write_some(backends)
    return done


def catch_up_quietly() -> int:
    """The same, when somebody waits for something else."""
    try:
        return catch_up()
    except Exception as error:  # whatever an engine's client raises when its server is away
        logger.warning("The search server was not told of everything; it will be later: %s", error)
        return 0


@transaction.atomic
def _write_some(backends: Sequence[Any]) -> int:
    versions.hold(_TURN)
    first = _waiting().order_by("pk").first()
    if first is None:
        return 0
    alike = _waiting().filter(root=first.root, only_audience=first.only_audience)
    rows = dict(alike.order_by("pk").values_list("pk", "key")[:AT_ONCE])
    for backend in backends:
        _tell(backend, apps.get_model(first.root), sorted(set(rows.values())), first.only_audience)
    told = PendingDocument.objects.filter(pk__in=rows)
    if is_rebuilding(first.root):
        told.update(is_written=True)
    else:
        delete_rows(told)
    return len(rows)


def _tell(backend: Any, root: type[Model], keys: list[str], only_audience: bool) -> None:
    index = backend.get_index_for_model(root)
    if only_audience:
        index.write_audiences(keys)
        return
    there = {str(one.pk): get_indexed_instance(one) for one in root._base_manager.filter(pk__in=keys)}
    for key in keys:
        if there.get(key) is None:
            index.delete_key(key)
        else:
            index.write(there[key])
    index.refresh()

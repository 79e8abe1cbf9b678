"""Which pages use which hashtags: read from what is published, written in sets.

Only live content counts. A page is read when it is published and forgotten when it is unpublished; moving it changes
nothing. ``refresh`` reads all pages again and finds whatever was written without publishing.
"""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, Model, OuterRef
from django.utils import timezone
from wagtail.models import get_page_models

from wagtail_personalize import hookspecs
from wagtail_personalize.people.folding import text_hash
from wagtail_personalize.segments import versions
from wagtail_personalize.setsql import delete_rows
from wagtail_personalize.targeting.page_tree import page_model

from .hashtags_stream import content_fields, hashtags_of
from .models import VERSION, AddedHashtag, Hashtag, HashtagUse

PAGES_AT_ONCE = 200


#: The page and the hashtag of a use.
_Use = tuple[Any, int]


def read(pages: Iterable[Model]) -> int:
    """Store the hashtags of live pages, each of its own type; returns how many uses were added or removed."""
    with transaction.atomic():
        versions.hold(VERSION)
        return _store(list(pages))


def forget(page_ids: Iterable[Any]) -> None:
    """These pages are not live any more."""
    page_ids = list(page_ids)
    if delete_rows(HashtagUse.objects.filter(page_id__in=page_ids)):
        hookspecs.hashtags_changed.send(sender=HashtagUse, page_ids=page_ids)


def refresh() -> tuple[int, int]:
    """Read all live pages again; returns how many there are, and how many uses were added or removed."""
    live = page_model()._base_manager.filter(pk=OuterRef("page_id"), live=True)
    changed = delete_rows(HashtagUse.objects.filter(~Exists(live)))
    number = 0
    for model, keys in _live_pages():
        with transaction.atomic():
            versions.hold(VERSION)  # first: what is published meanwhile is read after it
            pages = list(_only_content(model).filter(pk__in=keys, live=True))
            changed += _store(pages)
        number += len(pages)
    return number, changed


def hashtag_ids(labels: Mapping[str, str]) -> dict[str, int]:
    """The ids of hashtags by key; those that are new are made."""
    digests = {text_hash(key): key for key in labels}
    found = _known(digests)
    if missing := sorted(digest for digest, key in digests.items() if key not in found):
        rows = [Hashtag(key=digests[d], digest=d, label=labels[digests[d]]) for d in missing]
        Hashtag.objects.bulk_create(rows, ignore_conflicts=True)
        found |= _known({digest: digests[digest] for digest in missing})
    return found


def _known(digests: Mapping[str, str]) -> dict[str, int]:
    rows = Hashtag.objects.filter(digest__in=list(digests)).values_list("digest", "pk")
    return {digests[digest]: pk for digest, pk in rows}


def _live_pages() -> Iterator[tuple[type[Model], list[Any]]]:
    """The keys of all live pages, some at a time, with their type."""
    for model in get_page_models():
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        keys = model._base_manager.filter(live=True, content_type=kind).order_by("pk").values_list("pk", flat=True)
        last = None
        while some := list((keys if last is None else keys.filter(pk__gt=last))[:PAGES_AT_ONCE]):
            last = some[-1]
            yield model, some


def _only_content(model: type[Model]) -> Any:
    names = [field.name for field in content_fields(model)]
    return model._base_manager.only("title", "live", "translation_key", "first_published_at", "locale_id", *names)


def _store(pages: list[Any]) -> int:
    """Write where what the pages say differs from what is stored."""
    found = {page.pk: hashtags_of(page) for page in pages}
    ids = hashtag_ids(ChainMap(*found.values()))
    added = _added(pages)
    wanted = {
        (page.pk, hashtag): page.first_published_at
        for page in pages
        for hashtag in {ids[key] for key in found[page.pk]} | added.get(page.translation_key, set())
    }
    return _write(list(found), wanted)


def _added(pages: list[Any]) -> dict[Any, set[int]]:
    """The hashtags that editors added, by the translation key of the page."""
    added: dict[Any, set[int]] = {}
    keys = {page.translation_key for page in pages}
    for key, hashtag in AddedHashtag.objects.filter(translation_key__in=keys).values_list("translation_key", "hashtag"):
        added.setdefault(key, set()).add(hashtag)
    return added


def _write(page_ids: list[Any], wanted: dict[_Use, datetime | None]) -> int:
    """Make these the uses of these pages. A page that was never published by a revision has no date: any will do."""
    rows = HashtagUse.objects.filter(page_id__in=page_ids).values_list("pk", "page_id", "hashtag_id", "published_at")
    stored = {(page, hashtag): (pk, moment) for pk, page, hashtag, moment in rows}
    gone = {use: pk for use, (pk, moment) in stored.items() if wanted.get(use, ...) not in (None, moment)}
    new = sorted(wanted.keys() - (stored.keys() - gone.keys()))
    if gone:
        delete_rows(HashtagUse.objects.filter(pk__in=gone.values()))
    now = timezone.now()
    uses = [HashtagUse(page_id=use[0], hashtag_id=use[1], published_at=wanted[use] or now) for use in new]
    HashtagUse.objects.bulk_create(uses, ignore_conflicts=True, batch_size=500)
    if gone or new:
        hookspecs.hashtags_changed.send(sender=HashtagUse, page_ids=page_ids)
    return len(gone) + len(new)

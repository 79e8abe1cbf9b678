"""Hashtags as sources. A synonym is followed as what it stands for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.page_tree import page_model

from ..hashtag_stream import stream, visible_uses
from ..hashtags import key_of as hashtag_key
from ..models import Hashtag, HashtagUse
from .kinds import Shown, SourceKind, register_kind

HASHTAG = "hashtag"


@register_kind
class Hashtags(SourceKind):
    name = HASHTAG
    label = gettext_lazy("Hashtag")
    label_plural = gettext_lazy("Hashtags")
    icon = "tag"
    order = 20

    def found(self, keys: Collection[str], viewer: Viewer) -> Mapping[str, Shown]:
        ids = _ids(keys)
        if not ids:
            return {}
        used = visible_uses(viewer).filter(main__in=ids).order_by().values("main")
        found = Hashtag.objects.filter(pk__in=used, synonym_of=None, blocked=False)
        return {str(hashtag.pk): self._shown(hashtag) for hashtag in found}

    def offered(self, viewer: Viewer, typed: str = "") -> Sequence[str]:
        """Those on most pages first."""
        uses = visible_uses(viewer)
        if typed:
            key = hashtag_key(typed) or hashtag_key(f"{typed}a")[:-1]
            called = Hashtag.objects.filter(key__contains=key, synonym_of__isnull=False, blocked=False)
            found = Q(hashtag__key__contains=key) | Q(main__in=called.values("synonym_of"))
            uses = uses.filter(found) if key else uses.none()
        rows = uses.order_by().values("main").annotate(pages=Count("page__translation_key", distinct=True))
        return [str(row["main"]) for row in rows.order_by("-pages", "main")]

    def items(self, key: str, viewer: Viewer, number: int = 5) -> list[Page]:
        hashtag = Hashtag.objects.filter(pk__in=_ids([key]), blocked=False).first()
        return stream(hashtag, viewer, number=number).pages if hashtag else []

    def keys_of(self, pages: Iterable[Page]) -> Mapping[Any, set[str]]:
        found: dict[Any, set[str]] = {page.pk: set() for page in pages}
        uses = HashtagUse.objects.filter(page__in=list(found)).select_related("hashtag__synonym_of")
        for use in uses:
            main = use.hashtag.synonym_of or use.hashtag
            if not (main.blocked or use.hashtag.blocked):
                found[use.page_id].add(str(main.pk))
        return found

    def pages_of(self, key: str) -> QuerySet:
        """Also of what is a synonym of a synonym: that is so for a moment, while one is being made."""
        ids = Hashtag.objects.filter(pk__in=_ids([key]), synonym_of=None, blocked=False).values("pk")
        stands_for = Q(hashtag__in=ids) | Q(hashtag__synonym_of__in=ids) | Q(hashtag__synonym_of__synonym_of__in=ids)
        uses = HashtagUse.objects.filter(stands_for, hashtag__blocked=False)
        return page_model()._base_manager.filter(pk__in=uses.values("page"), live=True).order_by()

    def labels(self, keys: Collection[str]) -> Mapping[str, str]:
        return {str(hashtag.pk): str(hashtag) for hashtag in Hashtag.objects.filter(pk__in=_ids(keys))}

    def _shown(self, hashtag: Hashtag) -> Shown:
        return Shown(self, str(hashtag.pk), str(hashtag), reverse("wagtail_personalize:hashtag", args=[hashtag.key]))


def key_of_hashtag(hashtag: Hashtag) -> str:
    """By which a hashtag is followed."""
    return str(hashtag.synonym_of_id or hashtag.pk)


def _ids(keys: Iterable[str]) -> list[int]:
    """Only numbers in the one spelling that we write, and that fit into a column."""
    return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19 and key[0] != "0"]

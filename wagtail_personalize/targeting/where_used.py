"""Where a segment is used: in the audience of a page or collection, or in a block.

Of a block, the live and the latest draft version count.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import DraftStateMixin, ReferenceIndex

from wagtail_personalize.segments.context import is_viewed
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.usage import Usage

from .clauses import read
from .doors.known import is_known
from .models import Audience, CollectionAudience, PageAudience
from .page_tree import page_model


def audiences_naming(segment: Segment) -> set[int]:
    """The ids of the audiences that include or exclude ``segment``."""
    uuid = str(segment.uuid)
    rows = Audience.objects.values_list("pk", "clauses")
    return {pk for pk, written in rows if any(uuid in clause.segment_uuids for clause in read(written))}


def pages_with_segment(segment: Segment) -> Iterator[Usage]:
    """Pages whose own audience names ``segment``, once for all languages."""
    named = audiences_naming(segment)
    choices = PageAudience.objects.filter(Q(access__in=named) | Q(recommendation__in=named))
    restricts = {choice.translation_key: choice.access_id in named for choice in choices}
    pages = page_model()._base_manager.filter(translation_key__in=restricts).order_by("pk")
    for page in {page.translation_key: page for page in reversed(pages)}.values():
        yield _usage(page, _("Page"), restricts=restricts[page.translation_key])


def collections_with_segment(segment: Segment) -> Iterator[Usage]:
    """Collections that are restricted by ``segment``."""
    choices = CollectionAudience.objects.filter(access__in=audiences_naming(segment))
    for choice in choices.select_related("collection").order_by("collection__path"):
        yield _usage(choice.collection, _("Collection"), restricts=True)


def blocks_with_segment(segment: Segment) -> Iterator[Usage]:
    """Pages and other content with a block that names ``segment``."""
    references = ReferenceIndex.get_references_to(segment)
    others = references.exclude(base_content_type__app_label__startswith="personalize_")
    found = [obj for obj, _references in others.group_by_source_object() if obj is not None]
    for model in apps.get_models():
        if issubclass(model, DraftStateMixin) and not model._meta.parents and not model._meta.proxy:
            found += _drafts_naming(model, str(segment.uuid))
    for obj in {(type(obj), obj.pk): obj for obj in found}.values():
        yield _usage(obj, _("Block in %(type)s") % {"type": obj._meta.verbose_name})


def _drafts_naming(model: type[Model], uuid: str) -> Iterator[Model]:
    """The index of references knows one version; with a draft there are two."""
    drafts = model._base_manager.filter(has_unpublished_changes=True).alias(
        draft=Cast("latest_revision__content", TextField()), live_version=Cast("live_revision__content", TextField())
    )
    yield from drafts.filter(Q(draft__contains=uuid) | Q(live_version__contains=uuid))


def _usage(obj: Model, kind: Any, *, restricts: bool = False) -> Usage:
    """What an editor may not be told of counts, too, but has no name."""
    if is_viewed() and not is_known(obj):
        return Usage(kind, str(_("Something that you may not see")), "", restricts)
    title = obj.get_admin_display_title() if hasattr(obj, "get_admin_display_title") else str(obj)
    return Usage(kind, title, AdminURLFinder().get_edit_url(obj) or "", restricts)

"""Where a segment is used outside of pages: in snippets, announcements, landing pages, topics and menus."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model, Q
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import DraftStateMixin

from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.usage import Usage

from ..where_used import audiences_naming
from .audience_key import AudienceKey
from .models import Menu


def content_with_segment(segment: Segment) -> Iterator[Usage]:
    """Whatever names ``segment`` in its audience, live or in its latest draft; one query for each model."""
    named = audiences_naming(segment)
    for model in apps.get_models():
        keys = [field.name for field in model._meta.local_fields if isinstance(field, AudienceKey)]
        if keys and not model._meta.proxy and named:
            yield from map(_usage, model._base_manager.filter(_naming(model, keys, named)).order_by("pk"))
    for menu in Menu.objects.order_by("pk"):
        if any(str(segment.uuid) in str(entry) for entry in menu.entries.raw_data):
            yield _usage(menu)


def _naming(model: type[Model], keys: list[str], named: set[int]) -> Q:
    naming = Q()
    for key in keys:
        naming |= Q(**{f"{key}__in": named})
        if issubclass(model, DraftStateMixin):
            drafts = Q(**{f"latest_revision__content__{key}__in": sorted(named)})
            naming |= Q(has_unpublished_changes=True) & drafts
    return naming


def _usage(obj: Model) -> Usage:
    return Usage(obj._meta.verbose_name.capitalize(), str(obj), AdminURLFinder().get_edit_url(obj) or "")

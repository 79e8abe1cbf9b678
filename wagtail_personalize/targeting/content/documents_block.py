"""Documents for me: what is important for the reader, in one click.

Documents with a tag that the editor names, and documents that the editor chose, each for whom it is meant. All of them
come through the one door, so what lies in a restricted collection is there only for those who may have it.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from taggit.models import CommonGenericTaggedItemBase
from wagtail.blocks import CharBlock, IntegerBlock, ListBlock, StructBlock
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock

from wagtail_personalize.segments.viewer import Viewer

from ..blocks import AudienceStructBlock
from ..rendering import is_editing, viewer_in
from ..stream_values import shown
from ..visibility import visible
from .private_collections import closed_collections


class ChosenDocumentBlock(AudienceStructBlock):
    """One document, perhaps for somebody."""

    document = DocumentChooserBlock(label=_("Document"))

    class Meta:
        icon = "doc-full"
        label = _("Document")


class DocumentsForMeBlock(StructBlock):
    """Documents by tag and by choice, first the chosen ones, then the newest; a constant number of queries."""

    heading = CharBlock(max_length=80, required=False, label=_("Heading"))
    tag = CharBlock(
        max_length=100, required=False, label=_("Tag"), help_text=_("All documents with this tag, such as “important”.")
    )
    chosen = ListBlock(ChosenDocumentBlock(), default=[], required=False, label=_("Also these documents"))
    most = IntegerBlock(default=8, min_value=1, max_value=50, label=_("At most"))
    empty_text = CharBlock(
        max_length=200, required=False, label=_("If there is none"), help_text=_("Else nothing is shown.")
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        return context | {"documents": documents_for(value, viewer_in(parent_context))}

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        if is_editing(context):
            return super().get_api_representation(value, context=context)
        documents = documents_for(value, viewer_in(context))
        return {
            "heading": value["heading"],
            "documents": [{"id": each.pk, "title": each.title, "url": each.url} for each in documents],
        }

    class Meta:
        icon = "doc-full-inverse"
        label = _("Documents for me")
        label_format = "{heading}"
        template = "wagtail_personalize/targeting/content/documents.html"


def documents_for(value: Any, viewer: Viewer) -> list[Model]:
    """The documents that the viewer may have, in their order."""
    viewer.mark()
    chosen = [item["document"].pk for item in shown(value["chosen"], viewer) if item["document"]]
    wanted = Q(pk__in=chosen)
    if tag := value["tag"].strip():
        wanted |= Q(pk__in=_tagged(tag))
    documents = visible(get_document_model().objects.filter(wanted), viewer)
    documents = documents.exclude(collection__in=closed_collections(viewer))
    return list(documents.order_by(*_in_order(chosen), "-created_at", "-pk")[: value["most"]])


def _in_order(chosen: list[int]) -> list[Case]:
    """The chosen ones first, as they were chosen; nothing to order by without any."""
    places = [When(pk=key, then=Value(place)) for place, key in enumerate(dict.fromkeys(chosen))]
    return [Case(*places, default=Value(len(places)))] if places else []


def _tagged(tag: str) -> QuerySet:
    """The keys of the documents with this tag, from the table between: taggit's joins use what Django 6.1 gives up."""
    documents = get_document_model()
    through = documents.tags.through
    rows = through._default_manager.filter(tag__name__iexact=tag)
    if issubclass(through, CommonGenericTaggedItemBase):
        return rows.filter(content_type=ContentType.objects.get_for_model(documents)).values("object_id")
    return rows.values("content_object_id")

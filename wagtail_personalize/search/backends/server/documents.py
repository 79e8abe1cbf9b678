"""The audience of a page in its document."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from wagtail_personalize.targeting.models import EffectiveAudience
from wagtail_personalize.targeting.page_tree import page_model
from wagtail_personalize.targeting.path_query import access_audiences

AUDIENCE = "_audience"
#: In place of an audience: everybody may see the page; and: nobody finds it before its audience is stored.
OPEN, UNKNOWN = "open", "unknown"
_READ = "_personalize_indexed_audience"


class AudienceMapping:
    """For a mapping of modelsearch: documents of pages say who may see them."""

    def get_mapping(self) -> dict[str, Any]:
        mapping = super().get_mapping()
        if issubclass(self.model, page_model()):
            mapping["properties"][AUDIENCE] = {"type": "keyword"}
        return mapping

    def get_document(self, obj: Model) -> dict[str, Any]:
        document = super().get_document(obj)
        if isinstance(obj, page_model()):
            document[AUDIENCE] = obj.__dict__[_READ] if _READ in obj.__dict__ else audiences_of([obj.pk])[obj.pk]
        return document


def with_audiences(items: Iterable[Model]) -> list[Model]:
    """The same objects; those that are pages know what their documents will say, read in one query."""
    items = list(items)
    pages = [item for item in items if isinstance(item, page_model())]
    known = audiences_of([page.pk for page in pages]) if pages else {}
    for page in pages:
        page.__dict__[_READ] = known[page.pk]
    return items


def audiences_of(keys: Iterable[Any]) -> dict[Any, str]:
    """What the documents of these pages have to say: the id of the stored audience, or one of the words above."""
    keys = list(keys)
    rows = EffectiveAudience.objects.filter(page__in=keys).values_list("page_id", "access_id")
    stored = {page: str(access) if access else OPEN for page, access in rows}
    return {key: stored.get(key) or _live(key) for key in keys}


def _live(key: Any) -> str:
    """Of a page without a stored audience. Several on its way are not one; it gets its own when it is published."""
    return UNKNOWN if access_audiences(key) else OPEN

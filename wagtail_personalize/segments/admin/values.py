"""The answer to a picker: values that contain what the editor has typed."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wagtail_personalize.privacy.audit import log_names_seen
from wagtail_personalize.privacy.models import LookAt

from .builder.restrictions import is_personal
from .builder.sources import AttributeSource, Pairs, Source, source_named
from .permissions import may_see_members, require_rule_writer

#: So many values are offered at a time.
MOST_OFFERED = 50
LONGEST_SEARCH = 100
#: So many letters of a person's name are asked for.
LEAST_TYPED = 2


@require_GET
def values_view(request: HttpRequest) -> JsonResponse:
    """``{"values": [{"value": …, "label": …}]}`` for ``?source=attribute.department&q=lo``."""
    try:
        source = source_named(request.GET.get("source", ""))
    except LookupError:
        require_rule_writer(request.user)
        raise Http404 from None
    if not source.names_people:
        require_rule_writer(request.user)
    if _needs_members(source) and not may_see_members(request.user):
        raise PermissionDenied
    search = request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", "").strip()
    found = _people(request.user, source, search) if source.names_people else source.search(search, MOST_OFFERED)
    return JsonResponse({"values": [{"value": value, "label": label} for value, label in found]})


def _people(user: Any, source: Source, search: str) -> Pairs:
    """People by a name that is begun, which is logged as a look at their names."""
    found = source.search(search, MOST_OFFERED) if len(search) >= LEAST_TYPED else []
    if found:
        log_names_seen(user, _("Search for people"), [key for key, _label in found], LookAt.Kind.SEARCH)
    return found


def _needs_members(source: Source) -> bool:
    return source.names_people or (isinstance(source, AttributeSource) and is_personal(source.attribute))

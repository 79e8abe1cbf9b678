"""The answer to a picker: values that contain what the editor has typed."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from .builder.restrictions import is_personal
from .builder.sources import AttributeSource, Source, source_named
from .permissions import may_see_members, require_rule_writer

#: So many values are offered at a time.
MOST_OFFERED = 50
LONGEST_SEARCH = 100


@require_GET
def values_view(request: HttpRequest) -> JsonResponse:
    """``{"values": [{"value": …, "label": …}]}`` for ``?source=attribute.department&q=lo``."""
    require_rule_writer(request.user)
    try:
        source = source_named(request.GET.get("source", ""))
    except LookupError:
        raise Http404 from None
    if _needs_members(source) and not may_see_members(request.user):
        raise PermissionDenied
    search = request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", "")
    found = source.search(search, MOST_OFFERED)
    return JsonResponse({"values": [{"value": value, "label": label} for value, label in found]})


def _needs_members(source: Source) -> bool:
    return source.names_people or (isinstance(source, AttributeSource) and is_personal(source.attribute))

"""The answer to a picker in the persona form: values that contain what the editor has typed.

Whatever links to something (departments, places, skills) is offered to everybody who may write personas. Texts that
people wrote about themselves are names of nobody, but still theirs: they need ``view_members``, as in rules.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from ...admin.builder.restrictions import is_personal
from ...admin.builder.sources import AttributeSource, source_named
from ...admin.permissions import may_see_members
from ...admin.values import LONGEST_SEARCH, MOST_OFFERED

WRITE = ("personalize_segments.add_persona", "personalize_segments.change_persona")


@require_GET
def values_view(request: HttpRequest) -> JsonResponse:
    """``{"values": [{"value": …, "label": …}]}`` for ``?source=attribute.department&q=lo``."""
    if not any(request.user.has_perm(permission) for permission in WRITE):
        raise PermissionDenied
    source = _source(request.GET.get("source", ""))
    if source.linked is None and is_personal(source.attribute) and not may_see_members(request.user):
        return JsonResponse({"values": []})
    search = request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", "")
    found = source.search(search, MOST_OFFERED)
    return JsonResponse({"values": [{"value": value, "label": label} for value, label in found]})


def _source(name: str) -> AttributeSource:
    try:
        source = source_named(name)
    except LookupError:
        raise Http404 from None
    if not isinstance(source, AttributeSource):
        raise Http404
    return source

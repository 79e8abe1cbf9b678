"""What readers decide: to put an announcement away, and in how much depth they read. By POST only."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wagtail_personalize.segments.viewer import Viewer, viewer_for

from . import announcements, knowledge
from .cookies import write_numbers, write_pair
from .memory import content_memory
from .models import AnnouncementDismissal, Knowledge, KnowledgeChoice


@require_POST
@never_cache
def put_away(request: HttpRequest, key: int) -> HttpResponse:
    """Put an announcement away. One that is not shown to whoever asks does not exist for them."""
    viewer = viewer_for(request)
    shown = {a.pk: a for a in announcements.running(viewer) if a.is_meant_for(viewer) and a.dismissible}
    if key not in shown:
        raise Http404
    response = _back(request)
    if viewer.person_id is None:
        write_numbers(request, response, announcements.COOKIE, key)
    else:
        row = AnnouncementDismissal(person_id=viewer.person_id, announcement_id=key)
        AnnouncementDismissal.objects.bulk_create([row], ignore_conflicts=True)
    return response


@require_POST
@never_cache
def choose_depth(request: HttpRequest, slug: str) -> HttpResponse:
    """Remember in how much depth somebody reads about a topic."""
    viewer, level = viewer_for(request), request.POST.get("level")
    topic = content_memory(viewer).topics.get(slug)
    if topic is None or level not in Knowledge.values:
        raise Http404
    response = _back(request)
    if viewer.person_id is None:
        write_pair(request, response, knowledge.COOKIE, slug, level)
    else:
        _remember(viewer, topic, level)
    return response


def _remember(viewer: Viewer, topic: Any, level: str) -> None:
    KnowledgeChoice.objects.update_or_create(person_id=viewer.person_id, topic=topic, defaults={"level": level})


def _back(request: HttpRequest) -> HttpResponse:
    """To the page on which it was decided; never to another host."""
    wanted = request.POST.get("next", "")
    hosts, secure = {request.get_host()}, request.is_secure()
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, hosts, require_https=secure)
    return HttpResponseRedirect(wanted if is_ours else _start(request))


def _start(request: HttpRequest) -> str:
    try:
        return reverse("wagtail_serve", args=[""])
    except NoReverseMatch:
        return "/"

"""A named colleague in previews: only with the permission ``preview_as_person``, and never unnoticed.

Each preview that is begun as a colleague is logged and stands on that colleague's page "What is recorded about me".
The log is written where the preview is made, so there is no way around it; while an editor goes on previewing the same
thing as the same person, one entry an hour is enough.
"""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from wagtail.admin.utils import get_user_display_name

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.search import find_by_name
from wagtail_personalize.privacy.audit import log_names_seen
from wagtail_personalize.privacy.models import LookAt

PERMISSION = "personalize_targeting.preview_as_person"
#: For so long a preview that goes on counts as one.
ONE_PREVIEW = timedelta(hours=1)
MOST_OFFERED = 20
#: Nobody browses through their colleagues: a name has to be begun.
LEAST_TYPED = 2


def may_preview_people(user: Any) -> bool:
    """May this user see pages as a colleague would?"""
    return user is not None and user.is_active and user.has_perm(PERMISSION)


def colleague(key: str) -> Any:
    """The active user with a profile whose key this is, or ``None``."""
    declaration = get_declaration()
    if declaration is None:
        return None
    try:
        profiles = declaration.people().filter(**{declaration.person_path: key})
        profile = profiles.select_related(declaration.user).first()
    except (ValidationError, ValueError, OverflowError):
        return None
    return profile and getattr(profile, declaration.user)


def log_preview(previewer: Any, obj: Model | None, person: Any) -> None:
    """Record that ``previewer`` began to look at ``obj``, or without one at the live site, as ``person``."""
    subject = _("The site as this person sees it")
    if obj is not None:
        subject = _("Preview of “%(title)s” as this person") % {"title": _stored_title(obj)}
    begun = LookAt.objects.filter(actor=previewer, subject=subject[:255], persons=person)
    if not begun.filter(at__gt=timezone.now() - ONE_PREVIEW).exists():
        log_names_seen(previewer, subject, [person], LookAt.Kind.PREVIEW)


@require_GET
def people_view(request: HttpRequest) -> JsonResponse:
    """``{"values": [{"value": key, "label": name}]}`` of colleagues whose name contains ``?q=``; the look is logged."""
    if not may_preview_people(request.user):
        raise PermissionDenied
    text = request.GET.get("q", "").replace("\0", " ").strip()
    found = colleagues_named(request.user, text)
    return JsonResponse({"values": [{"value": key, "label": name} for key, name in found]})


def colleagues_named(previewer: Any, text: str) -> list[tuple[str, str]]:
    """Key and name of active colleagues whose name contains ``text``, as many as are offered; the look is logged."""
    users = _named(text) if len(text) >= LEAST_TYPED and may_preview_people(previewer) else []
    if users:
        log_names_seen(previewer, _("Search for people to preview as"), users, LookAt.Kind.SEARCH)
    return [(str(user.pk), get_user_display_name(user)) for user in users]


def _named(text: str) -> list[Any]:
    """Active users with a profile, as many as are offered."""
    declaration = get_declaration()
    if declaration is None:
        return []
    profiles = find_by_name(declaration.people(), text).select_related(declaration.user)
    return [getattr(profile, declaration.user) for profile in profiles.order_by(declaration.person_path)[:MOST_OFFERED]]


def _stored_title(obj: Model) -> str:
    """What the object is called in the database: a title that is being typed would be logged letter by letter."""
    stored = type(obj)._base_manager.filter(pk=obj.pk).first() if obj.pk else None
    return str(stored) if stored is not None else str(obj._meta.verbose_name)

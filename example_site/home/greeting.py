"""A greeting that knows the time of day where the reader is."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _


def greeting_for(profile: Model | None, now: datetime | None = None) -> dict[str, object]:
    """``{"words": "Good morning", "name": "Lena", "now": …}``, in the person's own time zone."""
    user = profile.user if profile else None
    now = (now or timezone.now()).astimezone(time_zone_of(user))
    return {"words": _words(now.hour), "name": user.first_name if user else "", "now": now.replace(tzinfo=None)}


def time_zone_of(user: Model | None) -> ZoneInfo:
    """What the person chose in Wagtail's account settings, else the site's."""
    try:
        return ZoneInfo(user.wagtail_userprofile.get_current_time_zone())
    except (AttributeError, ObjectDoesNotExist, ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


def _words(hour: int) -> str:
    if hour < 5:
        return _("Hello")
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")

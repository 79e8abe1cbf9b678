"""What this room stores as somebody's own open doing: that they followed something."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.segments.activities import Activity, register_activity

from .models import SubscriptionChange
from .subscribing.models import What


def _followed() -> QuerySet:
    return SubscriptionChange.objects.filter(what=What.FOLLOWED)


def attach() -> None:
    """Called once when the app is ready. Following the same thing again counts once."""
    register_activity(Activity("followed", _("followed something"), rows=_followed, once="source"))

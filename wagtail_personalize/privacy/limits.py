"""The limit on live sizes: nobody may narrow a rule down to one person by asking again and again."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from wagtail_personalize.conf import get_settings

from .models import LiveSizeAsked

WINDOW = timedelta(minutes=10)


def take_live_size(user: Any) -> bool:
    """Whether ``user`` may see one more live size now; if so, it is counted.

    At most ``LIVE_SIZES`` in any ten minutes. The rows live in the database, so the limit holds over all processes.
    The user's row is locked while counting, so two requests at once cannot both take the last one.
    """
    now = timezone.now()
    with transaction.atomic():
        list(get_user_model()._default_manager.select_for_update().filter(pk=user.pk).values_list("pk"))
        asked = LiveSizeAsked.objects.filter(person_id=user.pk)
        asked.filter(at__lte=now - WINDOW).delete()
        if asked.count() >= get_settings().LIVE_SIZES:
            return False
        LiveSizeAsked.objects.create(person_id=user.pk)
        return True


def live_sizes_used_up(user: Any) -> bool:
    """Whether ``take_live_size`` would refuse now; nothing is counted."""
    asked = LiveSizeAsked.objects.filter(person_id=user.pk, at__gt=timezone.now() - WINDOW)
    return asked.count() >= get_settings().LIVE_SIZES

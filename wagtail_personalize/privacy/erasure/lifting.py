"""Lifting an erasure: somebody comes back with the old staff number, or a wrong person was erased.

What was deleted stays deleted; the next import may only bring the person in again, as somebody new. The log says that
an erasure was lifted and by whom, not whose.
"""

import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from wagtail_personalize.conf import get_settings

from ..models import Erasure
from .marks import LOGIN, marks
from .registry import identities

LOG_ACTION = "wagtail_personalize.lift_erasure"


def erasures_of(known_by: str) -> list[Erasure]:
    """The erasures of whoever has this staff number or login name."""
    found = {each for kind in (LOGIN, *identities()) for each in marks(kind, known_by)}
    return list(Erasure.objects.filter(mark__in=found).order_by("pk"))


def lift(known_by: str, by: Any) -> bool:
    """Forget that whoever has this staff number or login name was erased; ``False`` if nobody was.

    The file comes first, as when somebody is erased: a restored backup must not bring the erasure back.
    """
    with transaction.atomic():
        erasures = erasures_of(known_by)
        if not erasures:
            return False
        if path := get_settings().ERASURES_FILE:
            with Path(path).open("a", encoding="utf-8") as file:
                for erasure in erasures:
                    file.write(json.dumps({"lifted": erasure.mark, "at": timezone.now().isoformat()}) + "\n")
        log(instance=erasures[0], action=LOG_ACTION, user=by, title=str(erasures[0]))
        Erasure.objects.filter(pk__in=[erasure.pk for erasure in erasures]).delete()
    return True


def register_log_action(actions: Any) -> None:
    """How Wagtail's history calls it."""
    actions.register_action(LOG_ACTION, gettext_lazy("Lift an erasure"), gettext_lazy("Lifted an erasure"))

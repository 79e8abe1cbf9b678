"""Erasing one person, in one transaction: it happens as a whole or not at all, and twice is once."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import router, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from ..models import Erasure
from .files import forget_files
from .marks import known_by, mark, remember
from .registry import hold_jobs, run_erasers
from .removing import remove
from .traces import forget_traces

#: What the log says; it names nobody.
LOG_ACTION = "wagtail_personalize.erase_person"


def erase(user: Any, by: Any = None) -> dict[str, int]:
    """Erase this person; returns how many rows went, by what they are called. ``by`` is who asked for it."""
    with transaction.atomic(using=router.db_for_write(get_user_model())):
        hold_jobs()
        marks = [mark(kind, text) for kind, text in known_by(user)]
        remember(user)
        gone = {str(label): number for label, number in run_erasers(user)}
        gone[_("entries of logs")] = forget_traces(user)
        gone[_("files")] = forget_files(user)
        key = user.pk
        if not remove(user):
            gone[_("accounts made anonymous")] = 1
        user.pk = key
        record = Erasure.objects.filter(mark__in=marks).order_by("pk").first()
        log(instance=record, action=LOG_ACTION, user=by if by and by.pk != key else None, title=str(record))
    return gone


def register_log_action(actions: Any) -> None:
    """How Wagtail's history calls it."""
    actions.register_action(LOG_ACTION, gettext_lazy("Erase a person"), gettext_lazy("Erased a person"))

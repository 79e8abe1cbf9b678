"""An editor notifies the people whom a page concerns: whom that reaches, sending it, and stopping it."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter, log
from wagtail.models import Page

from wagtail_personalize.segments.refresh import ensure_today

from ..mailing.models import MailChoice, OutgoingMail, State
from . import telling
from .events import event_called
from .fan_out import to_be_told
from .load import messages_per_head
from .models import Mail, Notice, Preference, PreferenceDefault
from .page_events import SENT

SEND = "personalize_streams.send_notices"
LOG_ACTION = "wagtail_personalize.notify"
#: Above this number of people an editor is asked once more.
ASK_ABOVE = 500
#: So many of the last messages about a page are shown.
_MOST_SHOWN = 5


@dataclass(frozen=True)
class Reach:
    """How many people a message would reach, how many of them by e-mail, and how many messages they got lately."""

    people: int
    by_mail: int
    messages: int

    @property
    def is_large(self) -> bool:
        return self.people > ASK_ABOVE


@dataclass(frozen=True)
class Sent:
    """A message that was sent."""

    notice: Notice
    is_going_on: bool


def may_send(page: Page, user: Any) -> bool:
    """Whoever may publish the page, which is live, and has the permission."""
    return not page.is_root() and page.live and user.has_perm(SEND) and page.permissions_for_user(user).can_publish()


def reach_of(page: Page, user: Any, to_everybody: bool) -> Reach:
    """Whom a message would reach today; a fixed number of queries, nothing is written."""
    ensure_today()
    notice = Notice(event=SENT, translation_key=page.translation_key, by_id=user.pk, to_everybody=to_everybody)
    event = event_called(SENT)
    people = to_be_told(event.people(notice), notice, event)
    messages, number = messages_per_head(people)
    return Reach(number, _with_mail(people).count(), messages)


@transaction.atomic
def send(page: Page, user: Any, *, to_everybody: bool, text: str = "") -> Notice:
    """Notify them. Who may is for the caller to ask."""
    notice = telling.tell(
        SENT,
        str(uuid4()),
        translation_key=page.translation_key,
        by_id=user.pk,
        to_everybody=to_everybody,
        text=text,
    )
    log(instance=page, action=LOG_ACTION, user=user, data={"to_everybody": to_everybody, "text": text})
    return notice


@transaction.atomic
def stop(page: Page, notice: Notice, user: Any) -> bool:
    """Write and send no more of it; says whether anything was left to stop."""
    stopped = telling.stop(notice)
    if stopped:
        log(instance=page, action=LOG_ACTION, user=user, data={"stopped": True})
    return stopped


def sent_about(page: Page) -> list[Sent]:
    """The last messages about a page, the newest first; one query."""
    waiting = OutgoingMail.objects.filter(notice=OuterRef("pk"), state__in=[State.WAITING, State.SENDING])
    notices = Notice.objects.filter(event=SENT, translation_key=page.translation_key).order_by("-pk")
    notices = notices.select_related("by").annotate(has_mails=Exists(waiting))[:_MOST_SHOWN]
    return [Sent(one, not one.is_stopped and (not one.is_complete or one.has_mails)) for one in notices]


def _with_mail(people: QuerySet) -> QuerySet:
    """Those of these people who get it by e-mail, at once or in the digest."""
    users = get_user_model()
    field = getattr(users, "get_email_field_name", lambda: "email")()
    if field not in {one.name for one in users._meta.concrete_fields}:
        return people.none()
    own = Preference.objects.filter(person=OuterRef("pk"), event=SENT)
    default = PreferenceDefault.objects.filter(event=SENT, segment__memberships__person=OuterRef("pk"))
    wanted = Coalesce(
        Subquery(own.values("mail")[:1]),
        Subquery(default.order_by("position", "pk").values("mail")[:1]),
        Value(int(Mail.NOW)),
    )
    none_at_all = MailChoice.objects.filter(person=OuterRef("pk"), no_mail=True)
    return people.exclude(**{field: ""}).filter(~Exists(none_at_all)).annotate(wanted=wanted).filter(wanted__gt=0)


class NotifyFormatter(LogFormatter):
    """How the page history tells it."""

    label = gettext_lazy("Notify people")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data or {}
        if data.get("stopped"):
            return _("Stopped notifying people")
        if data.get("to_everybody"):
            return _("Notified everybody whom the page concerns")
        return _("Notified those who follow the page")

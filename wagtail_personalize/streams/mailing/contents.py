"""What a mail may say now: asked when it leaves, not when it was written down.

The person may have read it, left or lost their rights meanwhile; a page may be closed or gone; an editor may have
stopped a notice. Then the mail is shortened, or not sent at all, with the reason in one word of ``REASONS``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from wagtail_personalize.segments.viewer import Viewer

from ..notifications.events import Told, event_called
from ..notifications.models import Mail, Notice, Notification, Preference
from ..notifications.reading import for_mail, waiting_for_digest
from ..timeline.models import MustKnow, MustKnowRead
from .models import OutgoingMail
from .recipients import Recipient

#: So many things stand in a digest; the others are counted.
MOST_ITEMS = 10
#: Nobody's digest looks further back than at so many notices.
MOST_CONSIDERED = 200

REASONS = {
    "inactive": _("The person had left."),
    "no_mail": _("No e-mails are wanted."),
    "no_address": _("There was no e-mail address."),
    "unsubscribed": _("This kind of e-mail is not wanted any more."),
    "stopped": _("It was stopped by an editor."),
    "nothing": _("There was nothing new any more."),
    "forgotten": _("It was set aside by an administrator."),
}


@dataclass(frozen=True)
class Contents:
    """What is told, or why nothing is."""

    items: Sequence[Told] = ()
    #: How many further ones there are.
    more: int = 0
    #: All of them, in their order.
    notice_ids: list[Any] = field(default_factory=list)
    reason: str = ""


class Concern:
    """Whom notices are for, found out once for some mails that leave together; who is among them is asked each time.

    That a person *may see* something does not depend on it.
    """

    def __init__(self) -> None:
        self._people: dict[Any, QuerySet | None] = {}

    def includes(self, notice: Notice, person: Any) -> bool:
        if notice.pk not in self._people:
            event = event_called(notice.event)
            self._people[notice.pk] = event and event.people(notice)
        people = self._people[notice.pk]
        return people is not None and people.filter(pk=person.pk).exists()


def contents_of(mail: OutgoingMail, recipient: Recipient | None, concern: Concern) -> Contents:
    """A fixed number of queries, one for each item, and one for each type of page."""
    reason = _no_mail(mail, recipient)
    if reason:
        return Contents(reason=reason)
    with override(recipient.language):
        return _allowed(mail, recipient, concern)


def _no_mail(mail: OutgoingMail, recipient: Recipient | None) -> str:
    if recipient is None or not getattr(recipient.person, "is_active", True):
        return "inactive"
    if recipient.choice.no_mail:
        return "no_mail"
    if not recipient.address:
        return "no_address"
    if mail.notice_id is None and not recipient.wants_digest:
        return "unsubscribed"
    if mail.notice_id is not None and mail.notice.is_stopped:
        return "stopped"
    return ""


def _allowed(mail: OutgoingMail, recipient: Recipient, concern: Concern) -> Contents:
    notices = _unwanted_left_out(_waiting(mail), recipient)
    if mail.notice_id is not None and not notices and not _unwanted_left_out([mail.notice], recipient):
        return Contents(reason="unsubscribed")
    told = for_mail(notices, Viewer.for_person(recipient.person))
    notices = _in_order([notice for notice in notices if notice.pk in told], mail)
    items, rest = _still_concerned(notices, recipient, concern)
    if not items:
        return Contents(reason="nothing")
    about = {_about(notice) for notice in (*items, *rest)}
    again = [notice.pk for notice in notices if _about(notice) in about and notice not in (*items, *rest)]
    ids = [notice.pk for notice in (*items, *rest)]
    return Contents([told[notice.pk] for notice in items], len(rest), ids + again)


def _waiting(mail: OutgoingMail) -> list[Notice]:
    """What it may be about: chosen when it first left, else what waits now."""
    chosen = [mail.notice_id] if mail.notice_id else mail.notice_ids
    if not chosen:
        return waiting_for_digest([mail.person_id]).get(mail.person_id, [])[:MOST_CONSIDERED]
    rows = Notification.objects.filter(person=mail.person_id, notice__in=chosen, is_read=False)
    rows = rows.filter(notice__is_stopped=False).select_related("notice").order_by("-notice")
    return [row.notice for row in rows]


def _unwanted_left_out(notices: list[Notice], recipient: Recipient) -> list[Notice]:
    """Without the events that the person does not want by e-mail any more."""
    if not notices:
        return []
    unwanted = Preference.objects.filter(person=recipient.person, mail=Mail.NONE)
    names = set(unwanted.values_list("event", flat=True))
    return [notice for notice in notices if notice.event not in names]


def _in_order(notices: list[Notice], mail: OutgoingMail) -> list[Notice]:
    """What must be known first, then the newest first."""
    if len(notices) < 2:
        return notices
    keys = {notice.translation_key for notice in notices} - {None}
    marked = MustKnow.objects.filter(translation_key__in=keys, until__gt=timezone.now())
    marked = marked.exclude(pk__in=_read_by(mail.person_id)).values_list("translation_key", flat=True)
    first = set(marked)
    return sorted(notices, key=lambda notice: (notice.translation_key not in first, -notice.pk))


def _read_by(person_id: Any) -> Any:
    return MustKnowRead.objects.filter(person=person_id).values("must_know")


def _still_concerned(
    notices: list[Notice], recipient: Recipient, concern: Concern
) -> tuple[list[Notice], list[Notice]]:
    """Those that are shown, and the others, each page once. Who follows something no more is told of it no more."""
    items: dict[Any, Notice] = {}
    for place, notice in enumerate(notices):
        if len(items) == MOST_ITEMS:
            rest = {_about(one): one for one in reversed(notices[place:]) if _about(one) not in items}
            return list(items.values()), list(reversed(rest.values()))
        if _about(notice) not in items and concern.includes(notice, recipient.person):
            items[_about(notice)] = notice
    return list(items.values()), []


def _about(notice: Notice) -> Any:
    """What several notices may be about: the same page is told once."""
    return notice.translation_key or notice.pk

"""Who gets a digest now: everybody for whom it has become ten o'clock, and for whom something waits.

The key of a digest is the day and the person, so it does not matter how often, how late or how many times at once this
is asked. What came after ten o'clock makes no digest of its own; it goes into one that leaves later anyway.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from wagtail_personalize.conf import get_settings

from ..notifications.models import Mail, Notification
from ..notifications.reading import DIGEST_DAYS
from ..notifications.recipients import active_people
from .local_time import is_work_day, with_zone, zone, zone_names
from .models import Digest, MailChoice, OutgoingMail, State
from .outbox import write_mails


def write_digests(*, early: bool = False) -> int:
    """Put the digests that are due into the outbox; returns how many are new. A few statements for each time zone.

    With ``early``, today's are due now, whatever the hour and the day.
    """
    now, written = timezone.now(), 0
    for name in zone_names(_waiting_people(now)):
        for choice in (Digest.DAILY, Digest.WEEKLY):
            local = now.astimezone(zone(name))
            day = local.date() if early else due_day(local, choice)
            if day is not None:
                until = now if early else _hour(day).replace(tzinfo=local.tzinfo)
                written += _write(day, until, name, choice)
    return written


def due_day(local: datetime, choice: int) -> date | None:
    """The day whose digest is due at a local time. A weekly one may come later in the week; none on a day off."""
    days = get_settings().WORK_DAYS
    if not days or not is_work_day(local):
        return None
    back = (local.weekday() - days[0]) % 7 if choice == Digest.WEEKLY else 0
    day = local.date() - timedelta(days=back)
    return day if local.replace(tzinfo=None) >= _hour(day) else None


def _hour(day: date) -> datetime:
    return datetime.combine(day, time(get_settings().DIGEST_HOUR))


def _write(day: date, until: datetime, name: str, choice: Digest) -> int:
    people = with_zone(_waiting_people(until)).filter(_chosen(choice), mail_zone=name)
    on_its_way = OutgoingMail.objects.filter(
        person=OuterRef("pk"), notice=None, state__in=[State.WAITING, State.SENDING]
    )
    return write_mails(people.filter(~Exists(on_its_way)).values("pk"), f"digest:{day:%Y-%m-%d}:", "pk")


def _waiting_people(until: datetime) -> QuerySet:
    """Active people for whom something waits that happened before ``until``."""
    rows = Notification.objects.filter(
        person=OuterRef("pk"), is_read=False, is_mailed=False, mail=Mail.DIGEST, notice__is_stopped=False
    ).filter(notice__at__lte=until, notice__at__gte=until - timedelta(days=DIGEST_DAYS))
    return active_people().filter(Exists(rows))


def _chosen(choice: Digest) -> Exists:
    """Whose choice it is; daily for everybody who chose nothing."""
    chosen = MailChoice.objects.filter(person=OuterRef("pk"))
    if choice == Digest.WEEKLY:
        return Exists(chosen.filter(digest=choice, no_mail=False))
    return ~Exists(chosen.exclude(digest=choice, no_mail=False))

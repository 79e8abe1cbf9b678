"""Must-know pages: on top of the timeline of everybody whom they concern, until they say that they have read them.

An editor marks a page, in all its languages, up to a day. It concerns who may open it and, if it is recommended to
somebody, whom it is recommended to. Nobody sees more than three at a time. Who has read it is told to nobody but the
person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter, log
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import recommended_audience_ids
from wagtail_personalize.targeting.languages import active_locale
from wagtail_personalize.targeting.models import EffectiveAudience

from ..open_pages import open_pages
from .models import MustKnow, MustKnowRead

LOG_ACTION = "wagtail_personalize.must_know"
#: The permission to mark a page.
MARK = "personalize_streams.mark_must_know"
MOST_AT_ONCE = 3
MOST_DAYS = 90


@dataclass(frozen=True)
class ToRead:
    """A must-know page as one viewer sees it."""

    pk: int
    page: Page
    until: datetime


def must_know(viewer: Viewer, number: int = MOST_AT_ONCE) -> list[ToRead]:
    """What ``viewer`` still has to read, what was marked last first. One query if there is nothing."""
    viewer.mark()
    if viewer.person_id is None:
        return []
    marked = MustKnow.objects.filter(until__gt=timezone.now()).order_by("-marked_at", "-pk")
    read = MustKnowRead.objects.filter(person=viewer.person_id).values("must_know")
    marks = list(marked if viewer.is_preview else marked.exclude(pk__in=read))
    pages = _concerning(marks, viewer)
    return [ToRead(one.pk, page, one.until) for one in marks if (page := pages.get(one.translation_key))][:number]


def have_read(person_id: Any, pk: int, viewer: Viewer) -> bool:
    """Note that a person has read a must-know page; ``False`` if there is none that concerns them."""
    mark = MustKnow.objects.filter(pk=pk, until__gt=timezone.now()).first()
    if mark is None or not _concerning([mark], viewer):
        return False
    MustKnowRead.objects.bulk_create(
        [MustKnowRead(person_id=person_id, must_know=mark, at=timezone.now())], ignore_conflicts=True
    )
    return True


def mark_of(page: Model) -> MustKnow | None:
    """Whether a page is marked now, and until when."""
    return MustKnow.objects.filter(translation_key=page.translation_key, until__gt=timezone.now()).first()


@transaction.atomic
def mark(page: Model, until: datetime | None, user: Any) -> None:
    """Mark a page until then; ``None`` takes the mark away. Who may is for the caller to ask.

    A page that is marked anew when its time is over has to be read again.
    """
    before = mark_of(page)
    if until is None or before is None:
        MustKnow.objects.filter(translation_key=page.translation_key).delete()
    if until is not None:
        MustKnow.objects.update_or_create(
            translation_key=page.translation_key,
            defaults={"until": until},
            create_defaults={"until": until, "marked_at": timezone.now(), "marked_by": user},
        )
    if before or until:
        log(instance=page, action=LOG_ACTION, user=user, data={"until": until and until.isoformat()})


def purge() -> int:
    """Forget marks, and who has read them, 30 days after they are over."""
    return MustKnow.objects.filter(until__lt=timezone.now() - timedelta(days=30)).delete()[0]


def _concerning(marks: Iterable[MustKnow], viewer: Viewer) -> dict[Any, Page]:
    """The pages among these that ``viewer`` must know, by translation key; in their language if there is one."""
    keys = [one.translation_key for one in marks]
    if not keys:
        return {}
    pages = open_pages(viewer).filter(translation_key__in=keys)
    others = EffectiveAudience.objects.filter(recommendation__isnull=False)
    others = others.exclude(recommendation__in=recommended_audience_ids(viewer, pages))
    active = active_locale(viewer)
    found: dict[Any, Page] = {}
    mine = pages.exclude(pk__in=others.values("page")).specific()
    for page in sorted(mine, key=lambda page: (page.locale_id != active, page.locale_id, page.pk)):
        found.setdefault(page.translation_key, page)
    return found


class MustKnowFormatter(LogFormatter):
    """How the page history tells it."""

    label = gettext_lazy("Mark as must-know")

    def format_message(self, log_entry: Any) -> str:
        if not (log_entry.data or {}).get("until"):
            return _("No longer must-know")
        return _("Must-know until %(day)s") % {"day": log_entry.data["until"][:10]}

"""The event *a page has to be looked at again*: for whoever looks after it, as long as they may work on it."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.notifications.events import Event, Told, register_event
from wagtail_personalize.streams.notifications.models import Mail, Notice
from wagtail_personalize.streams.notifications.recipients import active_people
from wagtail_personalize.streams.notifications.telling import tell

from .finding import overdue
from .models import upkept_models

EVENT = "review_due"


@register_event
class ReviewDue(Event):
    name = EVENT
    label = _("A page that I look after has to be looked at again")
    description = _("When the review date of a page is over.")
    icon = "history"
    order = 190
    mail = Mail.DIGEST

    def people(self, notice: Notice) -> QuerySet:
        owners = [page.content_owner_id for page in _pages([notice]).values()]
        return active_people().filter(pk__in=[owner for owner in owners if owner])

    def shown(self, notices: Collection[Notice], viewer: Viewer) -> Mapping[Any, Told]:
        """Of pages that are still overdue, for who still looks after them and may open them in the admin."""
        user, told = viewer.user, {}
        for notice, page in _pages(notices).items():
            if user is not None and page.content_owner_id == user.pk and page.permissions_for_user(user).can_edit():
                url = reverse("wagtailadmin_pages:edit", args=[page.pk])
                told[notice.pk] = Told(notice, str(_("Please look at this page again")), page.title, url)
        return told


def _pages(notices: Collection[Notice]) -> dict[Notice, Any]:
    """The page of each notice whose date is still over; one query for each page model with the mixin."""
    by_key = {notice.key: notice for notice in notices}
    keys = {notice.translation_key for notice in notices}
    pages = [page for model in upkept_models() for page in overdue(model).filter(translation_key__in=keys)]
    return {by_key[key]: page for page in pages if (key := key_of(page)) in by_key}


def key_of(page: Any) -> str:
    return f"{page.pk}:{page.review_date}"


def remind() -> int:
    """Tell everyone who looks after an overdue page, once for each date; returns how many pages are new."""
    late = [page for model in upkept_models() for page in overdue(model).exclude(content_owner=None)]
    return sum(bool(tell(EVENT, key_of(page), translation_key=page.translation_key)) for page in late)

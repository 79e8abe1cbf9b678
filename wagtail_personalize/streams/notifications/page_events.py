"""The events that are about a page: something new in what I follow, a must-know page, a message of an editor."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.languages import other_language

from ..subscribing.models import Level
from . import recipients
from .events import Event, Told, register_event
from .models import Mail, Notice
from .pages import opened_ids, pages_of

NEWS, ALL, MUST_KNOW, SENT = "news", "all", "must_know", "sent"


class PageEvent(Event):
    """Something about a page: whoever may open it now, in any language, may see the notice."""

    sentence: ClassVar[Any] = ""
    is_read_with_page = True

    def shown(self, notices: Collection[Notice], viewer: Viewer) -> Mapping[Any, Told]:
        pages, told = pages_of(notices, viewer), {}
        for notice in notices:
            if page := pages.get(notice.pk):
                told[notice.pk] = Told(notice, self._said(page, viewer), page.title, page.get_url() or "", page)
        return told

    def _said(self, page: Page, viewer: Viewer) -> str:
        """What happened, and in which language the page is if not in the reader's."""
        return ", ".join(filter(None, (str(self.sentence), other_language(page, viewer))))

    def seen(self, notices: Collection[Notice], viewer: Viewer) -> set[Any]:
        return opened_ids(notices, viewer)


@register_event
class EverythingNew(PageEvent):
    name = ALL
    label = _("Something new where I want everything")
    description = _("In what you follow with the level “All”.")
    sentence = _("New where you want everything")
    icon = "list-ul"
    order = 20
    mail = Mail.NOW
    gives_way = True

    def people(self, notice: Notice) -> QuerySet:
        return recipients.following(notice, Level.ALL)


@register_event
class SomethingNew(PageEvent):
    name = NEWS
    label = _("Something new in what I follow")
    description = _("Pages that are published where you follow a page, a hashtag or a colleague.")
    sentence = _("New in what you follow")
    icon = "doc-full-inverse"
    order = 10
    gives_way = True

    def people(self, notice: Notice) -> QuerySet:
        return recipients.following(notice, Level.NORMAL, below=Level.ALL)


@register_event
class MustKnowPage(PageEvent):
    name = MUST_KNOW
    label = _("Must-know")
    description = _("Pages that everybody whom they concern must know. They are always in your bell.")
    sentence = _("Must-know")
    icon = "warning"
    order = 30
    mail = Mail.NOW
    may_be_muted = False
    is_beyond_cap = True
    replaces_others = True

    def people(self, notice: Notice) -> QuerySet:
        return recipients.concerned(notice)


@register_event
class SentByEditor(PageEvent):
    name = SENT
    label = _("An editor notifies me")
    description = _("An editor tells those whom a page concerns.")
    sentence = _("An editor wants you to know")
    icon = "mail"
    order = 40
    mail = Mail.NOW
    replaces_others = True

    def people(self, notice: Notice) -> QuerySet:
        return recipients.concerned(notice) if notice.to_everybody else recipients.following(notice, Level.NORMAL)

"""Announcements, menus, landing pages and topics in the menu *Personalisation*."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, PageChooserPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from wagtail_personalize.segments.admin.menu import MENU_HOOK

from ..models import Audience
from ..wording import describe
from .audience_key import AudiencePanel
from .audience_key_form import choice_of
from .models import Announcement, KnowledgeTopic, LandingPage, Menu
from .targeted import TargetedMixin


class _Listing(IndexView):
    """A list that says for whom each thing is; the sentences cost one query each for a page of the list at most."""

    audience_field = "audience"

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related(self.audience_field)

    def whom(self, obj: Model) -> str:
        audience: Audience | None = getattr(obj, self.audience_field)
        return describe(choice_of(audience).to_raw())


class AnnouncementListing(_Listing):
    default_ordering = "-pk"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("title"),
            Column(
                "level", label=pgettext("of an announcement", "Level"), accessor=lambda obj: obj.get_level_display()
            ),
            Column("audience", label=_("Audience"), accessor=self.whom),
            Column("state", label=_("State"), accessor=state_of),
        ]


class LandingListing(_Listing):
    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("__str__"),
            Column("audience", label=_("Audience"), accessor=self.whom),
            Column("order", label=_("Order"), sort_key="order"),
            Column("state", label=_("State"), accessor=state_of),
        ]

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related("page")


class TopicListing(_Listing):
    audience_field = "advanced"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("name"),
            Column("slug", label=_("Short name")),
            Column("advanced", label=_("Start with the advanced text"), accessor=self._who_begins_advanced),
        ]

    def _who_begins_advanced(self, topic: Any) -> str:
        return self.whom(topic) if topic.advanced_id else _("Nobody")


def state_of(obj: TargetedMixin) -> str:
    """Whether its time has come, in a word."""
    if obj.is_running():
        return pgettext("announcement", "Running")
    return _("Ended") if obj.has_begun() else _("Planned")


class AnnouncementViewSet(ModelViewSet):
    model = Announcement
    name = "personalize_announcements"
    url_prefix = "personalize/announcements"
    icon = "comment-large"
    menu_label = gettext_lazy("Announcements")
    menu_order = 400
    menu_hook = MENU_HOOK
    index_view_class = AnnouncementListing
    search_fields = ["title", "text"]
    copy_view_enabled = False
    panels = [
        MultiFieldPanel(
            [FieldPanel("title"), FieldPanel("text"), FieldPanel("level")], heading=gettext_lazy("Message")
        ),
        PageChooserPanel("page"),
        FieldPanel("dismissible"),
        TargetedMixin.panel(),
    ]


class MenuViewSet(ModelViewSet):
    model = Menu
    name = "personalize_menus"
    url_prefix = "personalize/menus"
    icon = "list-ul"
    menu_label = gettext_lazy("Menus")
    menu_order = 410
    menu_hook = MENU_HOOK
    list_display = ["name", "slug"]
    search_fields = ["name"]
    copy_view_enabled = False
    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("entries")]


class LandingPageViewSet(ModelViewSet):
    model = LandingPage
    name = "personalize_landing_pages"
    url_prefix = "personalize/landing-pages"
    icon = "home"
    menu_label = gettext_lazy("Landing pages")
    menu_order = 420
    menu_hook = MENU_HOOK
    index_view_class = LandingListing
    copy_view_enabled = False
    panels = [
        HelpPanel(gettext_lazy("The first landing page that is meant for somebody opens instead of the start page.")),
        PageChooserPanel("page"),
        FieldPanel("order"),
        TargetedMixin.panel(),
    ]


class KnowledgeTopicViewSet(ModelViewSet):
    model = KnowledgeTopic
    name = "personalize_knowledge_topics"
    url_prefix = "personalize/knowledge-topics"
    icon = "tag"
    menu_label = gettext_lazy("Knowledge topics")
    menu_order = 430
    menu_hook = MENU_HOOK
    index_view_class = TopicListing
    search_fields = ["name"]
    copy_view_enabled = False
    panels = [FieldPanel("name"), FieldPanel("slug"), AudiencePanel("advanced")]


viewsets = [AnnouncementViewSet(), MenuViewSet(), LandingPageViewSet(), KnowledgeTopicViewSet()]

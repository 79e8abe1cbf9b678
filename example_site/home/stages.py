"""Who begins at Tarnwell is pointed to the page about the first 100 days, in the bell, as soon as they pass to a stage.

It shows how a site listens to journeys (``stage_changed``) and tells people of an event of its own.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from wagtail_personalize.communities.open_page import pages_by_key
from wagtail_personalize.hookspecs import stage_changed
from wagtail_personalize.segments.models import Stage
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.notifications import recipients
from wagtail_personalize.streams.notifications.events import Event, Told, register_event
from wagtail_personalize.streams.notifications.models import Notice
from wagtail_personalize.streams.notifications.telling import tell

STAGES = {"employee-journey/day-1", "employee-journey/first-week", "employee-journey/first-90-days"}
PAGE = "first-100-days"


@register_event
class NewStage(Event):
    """The key of the notice is the person, a colon, and the stage."""

    name = "stage"
    label = gettext_lazy("I come to a new stage of my time here")
    description = gettext_lazy("With the page that helps then.")
    order = 90

    def people(self, notice: Notice) -> QuerySet:
        mine = recipients.active_people().filter(pk=notice.key.partition(":")[0])
        return recipients.able_to_open(mine, notice.translation_key)

    def shown(self, notices: Collection[Notice], viewer: Viewer) -> Mapping[Any, Told]:
        pages = pages_by_key((notice.translation_key for notice in notices), viewer)
        names = {str(pk): name for pk, name in Stage.objects.values_list("pk", "name")}
        return {
            notice.pk: Told(notice, _("You have come to: %(stage)s") % {"stage": stage}, page.title, page.url, page)
            for notice in notices
            if (page := pages.get(notice.translation_key)) and (stage := names.get(notice.key.partition(":")[2]))
        }


@receiver(stage_changed)
def point_to_the_first_100_days(person_ids: Collection[Any], stage_to: Stage | None, **_kwargs: Any) -> None:
    """Once for each person and stage."""
    page = Page.objects.live().filter(slug=PAGE).first()  # personalize: everybody
    if page is None or stage_to is None or stage_to.key not in STAGES:
        return
    for person in person_ids:
        tell(NewStage.name, f"{person}:{stage_to.pk}", translation_key=page.translation_key)

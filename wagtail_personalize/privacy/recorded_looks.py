"""Who looked at a person's name, at whom they looked themselves, and how many sizes they asked for."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .limits import WINDOW
from .models import LiveSizeAsked, LookAt
from .recorded import Row, Section, register_recorded, said_moment

_PURPOSE = gettext_lazy("So that it can be checked who looked at names, and why.")
_RETENTION = gettext_lazy("12 months.")


@register_recorded
class LooksSection(Section):
    """Names the role of whoever looked, not the person: that is recorded about them.

    And the kind of place, not the place: a page or a segment that the person does not know of stays unknown.
    """

    name = "looks"
    title = gettext_lazy("Who looked at your name")
    purpose, retention = _PURPOSE, _RETENTION
    models = ("personalize_privacy.LookAt",)
    order = 500

    def rows(self, person: Any) -> list[Row]:
        looks = LookAt.objects.filter(persons=person).select_related("actor")
        looks = looks.prefetch_related("actor__groups") if _has_groups() else looks
        return [
            Row(capfirst(look.get_kind_display()), said_moment(look.at), [(_("By"), _role(look.actor))])
            for look in looks
        ]


@register_recorded
class OwnLooksSection(Section):
    name = "own_looks"
    title = gettext_lazy("Where you looked at names")
    purpose, retention = _PURPOSE, _RETENTION
    models = ("personalize_privacy.LookAt",)
    order = 800

    def rows(self, person: Any) -> list[Row]:
        looks = LookAt.objects.filter(actor=person).annotate(number=Count("persons"))
        return [Row(look.subject, said_moment(look.at), [(_("Names"), look.number)]) for look in looks]


@register_recorded
class LiveSizesSection(Section):
    name = "live_sizes"
    title = gettext_lazy("Sizes of groups that you asked for")
    purpose = gettext_lazy("So that nobody can single out one person by asking again and again.")
    retention = gettext_lazy("Ten minutes.")
    models = ("personalize_privacy.LiveSizeAsked",)
    order = 810

    def rows(self, person: Any) -> list[Row]:
        number = LiveSizeAsked.objects.filter(person=person, at__gt=timezone.now() - WINDOW).count()
        text = ngettext("%(number)d in the last ten minutes", "%(number)d in the last ten minutes", number)
        return [Row(_("Sizes asked for"), text % {"number": number})] if number else []


def _role(actor: Any) -> str:
    """In which role somebody looked."""
    if actor is None:
        return _("somebody whose account is gone")
    if getattr(actor, "is_superuser", False):
        return _("an administrator")
    return ", ".join(_group_names(actor)) or _("an editor")


def _group_names(actor: Any) -> Iterable[str]:
    return sorted(group.name for group in actor.groups.all()) if _has_groups() else []


def _has_groups() -> bool:
    try:
        return bool(LookAt._meta.get_field("actor").related_model._meta.get_field("groups"))
    except FieldDoesNotExist:
        return False

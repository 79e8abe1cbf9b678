"""What an editor is told about the people whom a rule touches, as exactly as they may know it."""

from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.privacy.limits import take_live_size
from wagtail_personalize.privacy.sizes import shown_size
from wagtail_personalize.segments.admin.builder.restrictions import asks_about_personal
from wagtail_personalize.segments.admin.permissions import may_see_members

from ..automatic.applying import most
from ..automatic.models import Mode
from ..automatic.rules import Touched, Wanted, current


class Told:
    """The figures for one editor. Without ``view_members`` they are rounded, limited in number, or left out."""

    def __init__(self, wanted: Wanted, user: Any, counted: Touched) -> None:
        self.wanted, self.counted = wanted, counted
        self.exact = may_see_members(user)
        self.is_told = self.exact or (not asks_about_personal(wanted.segment.rule) and take_live_size(user))

    @property
    def needs_confirmation(self) -> bool:
        """Above 500 people, and whenever somebody would lose something. That a question is asked tells no figure."""
        before = current(self.wanted)
        switched_off = bool(before and before.mode >= Mode.ON > self.wanted.mode)
        return switched_off or (self.counted.is_large if self.exact else self.wanted.mode >= Mode.ON)

    @property
    def is_switching_off(self) -> bool:
        before = current(self.wanted)
        return bool(before and before.mode >= Mode.ON > self.wanted.mode)

    @property
    def sentences(self) -> list[str]:
        """What would happen, in sentences."""
        if not self.is_told:
            return [_("How many people that is cannot be told to you now.")]
        counted, found = self.counted, []
        if self.is_switching_off:
            return [_("This rule holds for %(people)s.") % {"people": self._people(counted.losing)}]
        if self.wanted.mode == Mode.SUGGESTED:
            return [_("Nobody is subscribed; it is only offered to them.")]
        if self.wanted.mode >= Mode.ON:
            found.append(_("%(people)s will be subscribed now.") % {"people": self._people(counted.joining)})
        if counted.bound or (self.wanted.mode == Mode.MANDATORY and not self.exact):
            found.append(
                _("For %(people)s who follow it already it becomes mandatory.")
                % {"people": self._people(counted.bound)}
            )
        if counted.full:
            found.append(
                _("It does not reach %(people)s, who have as many automatic sources (%(most)d) as one person may have.")
                % {"people": self._people(counted.full), "most": most()[self.wanted.mode]}
            )
        return found

    def _people(self, number: int) -> str:
        return shown_size(number, self.exact)

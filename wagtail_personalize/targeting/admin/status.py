"""Who a page is for, in words: what was chosen for it, what it inherits, and how many people that reaches."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from wagtail_personalize.privacy.limits import live_sizes_used_up
from wagtail_personalize.privacy.sizes import shown_size

from ..audiences import clauses_of
from ..clauses import Clauses
from ..doors.known import is_known
from ..inheritance import Inheritance
from ..models import PageAudience
from ..page_audiences import inherited, page_audience
from ..reach import reach
from ..wording import describe
from .endpoints import VIEW_MEMBERS
from .sizes import tell_about_personal


@dataclass(frozen=True)
class Inherited:
    """An audience that stands further up in the tree, on a page that may be one of which nobody may be told."""

    page: Model | None
    restricted_to: str
    recommended_to: str


class PageStatus:
    """Reads the audience of one page for an editor. Each question is asked once."""

    def __init__(self, page: Any, user: Any) -> None:
        self.page = page
        self.user = user
        self.exact = user.has_perm(VIEW_MEMBERS)

    @cached_property
    def own(self) -> PageAudience | None:
        return page_audience(self.page)

    @cached_property
    def restricted_to(self) -> str:
        return in_words(clauses_of(self.own.access)) if self.own else ""

    @cached_property
    def recommended_to(self) -> str:
        return in_words(clauses_of(self.own.recommendation)) if self.own else ""

    @cached_property
    def inherited(self) -> list[Inherited]:
        """Choices further up, and those of the source of an alias."""
        return [
            Inherited(
                page if is_known(page) else None,
                in_words(clauses_of(chosen.access)),
                in_words(clauses_of(chosen.recommendation)),
            )
            for page, chosen in inherited(self.page)
        ]

    @cached_property
    def access(self) -> Clauses:
        """All that restricts the page: its own choice and what it inherits."""
        return Inheritance.load().at(self.page.path).access

    @property
    def is_restricted(self) -> bool:
        return bool(self.access)

    @property
    def is_recommended(self) -> bool:
        return bool(self.recommended_to)

    @cached_property
    def size(self) -> str:
        """How many people may open the page; empty when that is not for this user."""
        if not self.exact and tell_about_personal(self.access):
            return ""
        return shown_size(reach(self.access), self.exact)

    @cached_property
    def reached(self) -> str:
        """The size, unless the user has seen as many sizes as one may for now."""
        return "" if not self.exact and live_sizes_used_up(self.user) else self.size

    @property
    def label(self) -> str:
        """The status in one word or two, for the header of the page editor."""
        if self.is_restricted:
            return _("Restricted")
        return _("Recommended") if self.is_recommended else _("For everyone")


def in_words(clauses: Clauses) -> str:
    """A set of clauses as a sentence part; empty for everyone."""
    parts = sorted(describe({"include": list(c.include), "exclude": list(c.exclude)}) for c in clauses)
    return _("; and also: ").join(parts)

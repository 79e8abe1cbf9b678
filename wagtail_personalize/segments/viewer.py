"""For whom something is rendered: a person, an anonymous visitor, or a previewed combination of segments.

A viewer is lazy and lives for one request. The first question about it runs the request's one query; everything that
is not certain (nobody signed in, an inactive user, no profile, a broken segment) means: in no segment.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from . import versions
from .days import today
from .index import segment_index
from .models import Segment
from .state_query import MEMBER, Answers, StatePart, ask


class Viewer:
    """Somebody who looks at the site. Make one with a constructor below or with ``viewer_for(request)``."""

    def __init__(
        self,
        find_user: Callable[[], Any] = lambda: None,
        *,
        given: frozenset[int] | None = None,
        is_preview: bool = False,
        label: str = "",
    ) -> None:
        self.is_preview = is_preview
        #: Whether a decision was made for this viewer; then the response must not be shared.
        self.personalised = False
        self._find_user = find_user
        self._given = given
        self._label = label
        self._answers: Answers = {}
        self._asked_own = False

    @classmethod
    def anonymous(cls) -> "Viewer":
        """A visitor who is not signed in."""
        return cls()

    @classmethod
    def for_person(cls, user: Any, *, is_preview: bool = False) -> "Viewer":
        """This person, as in a request of their own."""
        return cls(lambda: user, is_preview=is_preview)

    @classmethod
    def in_segments(cls, segments: Iterable[Segment], label: str = "") -> "Viewer":
        """Somebody signed in who is in exactly these segments, for previews. Broken segments do not count."""
        segments = list(segments)
        return cls(
            given=frozenset(segment.pk for segment in segments if not segment.broken),
            is_preview=True,
            label=label or " + ".join(segment.name for segment in segments) or _("Everyone"),
        )

    @cached_property
    def user(self) -> Any:
        """The user, signed in or anonymous as Django knows them; ``None`` when there is none, as in a preview."""
        return self._find_user()

    @cached_property
    def person_id(self) -> Any:
        """The key of the person, ``None`` for anybody who is not an active user."""
        user = self.user
        if user is None or not user.is_authenticated or not getattr(user, "is_active", True):
            return None
        return user.pk

    @property
    def is_anonymous(self) -> bool:
        return self._given is None and self.person_id is None

    @property
    def label(self) -> str:
        """Who this is, in words for a banner."""
        if self._label:
            return self._label
        if self.person_id is None:
            return _("Anonymous visitor")
        full_name = getattr(self.user, "get_full_name", None)
        return (full_name and full_name()) or str(self.user)

    def mark(self) -> None:
        """Note that something was shown, hidden or ordered because of who looks."""
        self.personalised = True

    def is_in(self, segment: Segment | UUID | str) -> bool:
        """Whether the viewer is in a segment, given as such, by its short name or by its UUID."""
        if not self.segment_ids:
            return False
        if isinstance(segment, Segment):
            return segment.pk in self.segment_ids
        index = segment_index(self)
        entry = index.by_slug.get(segment) if isinstance(segment, str) else None
        entry = entry or index.by_uuid.get(str(segment))
        return entry is not None and entry.id in self.segment_ids

    @cached_property
    def segment_ids(self) -> frozenset[int]:
        """The ids of the viewer's segments, right for the current local day."""
        if self._given is not None:
            return self._given
        if self.person_id is None:
            return frozenset()
        self.load()
        stored = frozenset(self._answers[MEMBER])
        if self.version(versions.DAY) >= today().toordinal():
            return stored
        return self._for_today(stored)

    def version(self, name: str) -> int:
        """The state version called ``name``, 0 before anything happened."""
        self.load()
        return self._answers.get(name, (0,))[0]

    def load(self, *parts: StatePart) -> None:
        """Ask these parts now, in one query with the viewer's own if those were not asked before."""
        missing = [part for part in parts if part.name not in self._answers]
        if missing or not self._asked_own:
            person_id = self.person_id if self._given is None else None
            self._answers.update(ask(person_id, missing, own=not self._asked_own))
            self._asked_own = True

    def answer(self, name: str) -> tuple[int, ...]:
        """The integers that a loaded part found, in no order."""
        return self._answers[name]

    def _for_today(self, stored: frozenset[int]) -> frozenset[int]:
        """The nightly refresh has not run: what depends on the date is answered by the rules, without writing."""
        dated = segment_index(self).dated
        if not dated:
            return stored
        from .expired import segments_today

        return (stored - dated) | segments_today(self.person_id, self.version(versions.SEGMENTS), today())


def viewer_for(request: HttpRequest) -> Viewer:
    """The viewer of a request, always the same one; anonymous when the request knows no user."""
    viewer = getattr(request, "viewer", None)
    if not isinstance(viewer, Viewer):
        viewer = request.viewer = Viewer(lambda: getattr(request, "user", None))
    return viewer

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
from .listening import Listener
from .models import Segment
from .state_query import MEMBER, Answers, StatePart, ask
from .watching import Watch, current_watch


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
        #: In a preview the editor who looks, as a viewer: nobody previews what they may not see themselves.
        self.previewer: Viewer | None = None
        #: Whether a decision was made for this viewer; then the response must not be shared.
        self.personalised = False
        self._find_user = find_user
        self._given = given
        self._label = label
        self._answers: Answers = {}
        self._asked: dict[str, StatePart] = {}
        self._asked_own = False
        #: Who wants to know what this viewer is asked, if anybody does.
        self.listener: Listener | None = None
        #: The question whether anything has expired, if it was asked with the viewer's own.
        self.watch: Watch | None = None

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

    def previewed_by(self, previewer: "Viewer | None", label: str = "") -> "Viewer":
        """This viewer, previewed by another one and called ``label`` in its banner."""
        self.is_preview, self.previewer = True, previewer
        self._label = label or self._label
        return self

    def be_oneself(self) -> None:
        """End a preview in the middle of a request: from here on this viewer is the editor who looks."""
        if self.previewer is not None:
            self.__dict__ = {**self.previewer.__dict__, "is_preview": True, "personalised": True}

    @property
    def user(self) -> Any:
        """The user, signed in or anonymous as Django knows them; ``None`` when there is none, as in a preview."""
        self._tell_personal("viewer.user")
        return self._user

    @property
    def person_id(self) -> Any:
        """The key of the person, ``None`` for anybody who is not an active user."""
        self._tell_personal("viewer.person_id")
        return self._person_id

    @cached_property
    def _user(self) -> Any:
        return self._find_user()

    @cached_property
    def _person_id(self) -> Any:
        user = self._user
        if user is None or not user.is_authenticated or not getattr(user, "is_active", True):
            return None
        return user.pk

    def _tell_personal(self, what: str) -> None:
        if self.listener is not None:
            self.listener.personal(what)

    @property
    def is_anonymous(self) -> bool:
        if self.listener is not None:
            self.listener.fact("known")
        return self._given is None and self._person_id is None

    @property
    def label(self) -> str:
        """Who this is, in words for a banner."""
        if self._label:
            return self._label
        if self.is_anonymous or self._person_id is None:
            return _("Anonymous visitor")
        full_name = getattr(self.user, "get_full_name", None)
        return (full_name and full_name()) or str(self.user)

    def mark(self) -> None:
        """Note that something was shown, hidden or ordered because of who looks."""
        self.personalised = True

    def is_in(self, segment: Segment | UUID | str) -> bool:
        """Whether the viewer is in a segment, given as such, by its short name or by its UUID."""
        if isinstance(segment, Segment):
            return bool(self.among([segment.pk]))
        if self.listener is None and not self.unheard_segment_ids:
            return False
        index = segment_index(self)
        entry = index.by_slug.get(segment) if isinstance(segment, str) else None
        entry = entry or index.by_uuid.get(str(segment))
        return entry is not None and bool(self.among([entry.id]))

    def among(self, ids: Iterable[int]) -> frozenset[int]:
        """Those of these segments that the viewer is in."""
        if self.listener is not None:
            ids = frozenset(ids)
            self.listener.segments(ids)
        return self.unheard_segment_ids.intersection(ids)

    @property
    def segment_ids(self) -> frozenset[int]:
        """The ids of all segments of the viewer, right for the current local day.

        Ask ``is_in`` or ``among`` where you can: what was rendered from all segments can be kept for nobody else.
        """
        if self.listener is not None:
            self.listener.all_segments()
        return self.unheard_segment_ids

    @cached_property
    def unheard_segment_ids(self) -> frozenset[int]:
        """The same without telling the listener; for those who tell it themselves what they ask."""
        if self._given is not None:
            return self._given
        if self._person_id is None:
            return frozenset()
        self.load()
        stored = frozenset(self._answers[MEMBER])
        if self.version(versions.DAY) >= today().toordinal():
            return stored
        from .expired import right_today

        return right_today(self, stored)

    def version(self, name: str) -> int:
        """The state version called ``name``, 0 before anything happened."""
        self.load()
        return self._answers.get(name, (0,))[0]

    def load(self, *parts: StatePart) -> None:
        """Ask these parts now, in one query with the viewer's own if those were not asked before."""
        missing = [part for part in parts if self._asked.get(part.name) != part]
        self._asked.update((part.name, part) for part in missing)
        if self._asked_own:
            if missing:
                self._answers.update(ask(None, missing, own=False))
            return
        person_id = self._person_id if self._given is None else None
        self.watch = None if person_id is None else current_watch()
        watching = self.watch.parts(person_id) if self.watch else []
        self._answers.update(ask(person_id, [*missing, *watching], own=True))
        self._asked_own = True

    def answer(self, name: str) -> tuple[int, ...]:
        """The integers that a loaded part found, in no order."""
        return self._answers[name]

    def found(self, name: str) -> bool:
        """Whether a part, if it was loaded, found anything."""
        return bool(self._answers.get(name))


def viewer_for(request: HttpRequest) -> Viewer:
    """The viewer of a request, always the same one; anonymous when the request knows no user."""
    viewer = getattr(request, "viewer", None)
    if not isinstance(viewer, Viewer):
        viewer = request.viewer = Viewer(lambda: getattr(request, "user", None))
    return viewer

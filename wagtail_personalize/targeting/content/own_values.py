"""What a placeholder says to one reader: only declared attributes, only the reader's own values.

The profile is read once for each request, together with everything it links to directly. In a preview as a colleague
only those attributes are told that colleagues may see on each other's pages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model
from django.utils import timezone

from wagtail_personalize.people.attributes import Attribute, Many
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.loading import with_attributes
from wagtail_personalize.people.names import person_name
from wagtail_personalize.people.values import display_value, value_of
from wagtail_personalize.segments.viewer import Viewer

from .placeholder_names import DAYS_SINCE, MANAGER, NAME, attribute_called, date_called, is_own_name
from .placeholders import Values, nobody

_impersonal: ContextVar[bool] = ContextVar("wagtail_personalize_impersonal", default=False)


@contextmanager
def impersonal() -> Iterator[None]:
    """What is rendered inside goes to several readers, as a feed does: placeholders become their fallbacks."""
    token = _impersonal.set(True)
    try:
        yield
    finally:
        _impersonal.reset(token)


def values_for(viewer: Viewer) -> Values:
    """The values of this reader. The answer to the request becomes personal, also where there is no value."""
    if _impersonal.get():
        return nobody
    viewer.mark()
    return OwnValues.of(viewer)


class OwnValues:
    """Looks values up by name; empty for whoever is not known and for whatever is not declared."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.found: dict[str, str] = {}
        self._profile: Any = self

    @classmethod
    def of(cls, viewer: Viewer) -> "OwnValues":
        """Those of this viewer: made once, so that each is read once."""
        return viewer.__dict__.setdefault("_own_values", cls(viewer))

    def __call__(self, name: str) -> str:
        if name not in self.found:
            self.found[name] = self._find(name) if self.viewer.person_id is not None else ""
        return self.found[name]

    def _find(self, name: str) -> str:
        if name == NAME:
            return person_name(self.viewer.user)
        if get_declaration() is None or self.profile is None:
            return ""
        if name == MANAGER:
            return self._manager()
        if date := date_called(name):
            return self._days_since(date) if self._may_tell(date) else ""
        attribute = None if name.startswith(DAYS_SINCE) else attribute_called(name)
        return display_value(self.profile, attribute) if attribute and self._may_tell(attribute) else ""

    @property
    def profile(self) -> Model | None:
        if self._profile is self:
            self._profile = _profile_of(self.viewer.person_id)
        return self._profile

    def _may_tell(self, attribute: Attribute) -> bool:
        return not self.viewer.is_preview or is_own_name(attribute) or bool(attribute.visible)

    def _days_since(self, date: Attribute) -> str:
        day = value_of(self.profile, date)
        days = (timezone.localdate() - day).days if day else -1
        return str(days) if days >= 0 else ""

    def _manager(self) -> str:
        declaration = get_declaration()
        manager = getattr(self.profile, declaration.manager) if declaration.manager_path else None
        if manager is None:
            return ""
        user = getattr(manager, declaration.user) if isinstance(manager, declaration.profile_model) else manager
        return person_name(user) if user is not None and getattr(user, "is_active", True) else ""


def _profile_of(person_id: Any) -> Model | None:
    """The profile with the objects that its attributes link to, and its manager: one query."""
    declaration = get_declaration()
    single = [attribute for attribute in declaration.attributes if not isinstance(attribute, Many)]
    profiles = with_attributes(declaration.people(), single).prefetch_related(None)
    if declaration.manager_path:
        profiles = profiles.select_related(*_to_manager())
    return profiles.filter(**{declaration.user: person_id}).first()


def _to_manager() -> list[str]:
    declaration = get_declaration()
    through = declaration.manager_path.removesuffix("pk").rstrip("_")
    return [declaration.manager, through]

"""From the name of a preview mode to the viewer for whom the page is shown.

A mode's name is the page's own mode, a separator that no site would use, and whom to look as: ``segment:<uuid>``,
``combination:<id>.<id>``, ``persona:<id>``, ``example:<id>``, ``person:<key>`` or ``anonymous``. Names come from the
browser, so any text is possible: what names nobody shows what everyone sees, and a colleague is checked and logged each
time.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from wagtail_personalize.segments.models import ExamplePerson, Persona, Segment
from wagtail_personalize.segments.personas.matching import segments_of
from wagtail_personalize.segments.viewer import Viewer

from .content.example_values import show_as
from .preview_people import colleague, log_preview, may_preview_people

SEPARATOR = "|as:"
_LARGEST_KEY = 2**63 - 1
#: No page names more, and a name from the browser has to end somewhere.
_MOST_SEGMENTS = 500


class PreviewRefused(Exception):
    """This preview is not shown; says why, to the editor."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def mode_name(own: str, kind: str, key: Any = "") -> str:
    """The name of a further mode of the page's ``own`` mode."""
    return f"{own}{SEPARATOR}{kind}:{key}" if key != "" else f"{own}{SEPARATOR}{kind}"


def split_mode(mode: str | None, obj: Any, previewer: Any) -> tuple[str | None, Viewer]:
    """A mode's own name, and for whom ``previewer`` (a user or ``None``) looks at ``obj``.

    Raises ``PreviewRefused``.
    """
    own, found, whom = (mode or "").partition(SEPARATOR)
    kind, _colon, key = whom.partition(":")
    find = _FINDERS.get(kind) if found else None
    viewer = (find and find(key, obj, previewer)) or Viewer.in_segments(())
    viewer.previewed_by(previewer and Viewer.for_person(previewer))
    return (own if found else mode), viewer


def _segment(key: str, obj: Any, previewer: Any) -> Viewer | None:
    try:
        segment = Segment.objects.filter(uuid=UUID(key), live=True).first()
    except ValueError:
        return None
    return segment and Viewer.in_segments([segment])


def _combination(key: str, obj: Any, previewer: Any) -> Viewer | None:
    keys = [number for part in key.split(".")[:_MOST_SEGMENTS] if (number := _number(part)) is not None]
    segments = list(Segment.objects.filter(pk__in=keys, live=True))
    return Viewer.in_segments(segments) if segments else None


def _persona(key: str, obj: Any, previewer: Any) -> Viewer | None:
    persona = Persona.objects.filter(pk=_number(key)).select_related("segment").first()
    if persona is None:
        return None
    usable = [persona.segment] if persona.segment and persona.segment.live else []
    return Viewer.in_segments(usable, label=persona.name)


def _example(key: str, obj: Any, previewer: Any) -> Viewer | None:
    example = ExamplePerson.objects.filter(pk=_number(key)).select_related("persona").first()
    if example is None:
        return None
    label = _("%(name)s (%(persona)s)") % {"name": example.name, "persona": example.persona.name}
    return show_as(Viewer.in_segments(segments_of(example), label=label), example)


def _person(key: str, obj: Any, previewer: Any) -> Viewer:
    if not may_preview_people(previewer):
        raise PreviewRefused(_("You may not preview pages as a colleague. Choose a persona or a segment."))
    person = colleague(key)
    if person is None:
        raise PreviewRefused(_("This colleague is no longer here. Choose somebody else."))
    log_preview(previewer, obj, person)
    return Viewer.for_person(person, is_preview=True).previewed_by(None, label=get_user_display_name(person))


def _anonymous(key: str, obj: Any, previewer: Any) -> Viewer:
    return Viewer.anonymous()


def _number(key: str) -> int | None:
    is_number = key.isascii() and key.isdecimal() and len(key) < 20
    return int(key) if is_number and int(key) <= _LARGEST_KEY else None


_FINDERS: Mapping[str, Callable[[str, Any, Any], Viewer | None]] = {
    "segment": _segment,
    "combination": _combination,
    "persona": _persona,
    "example": _example,
    "person": _person,
    "anonymous": _anonymous,
}

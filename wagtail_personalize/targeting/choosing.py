"""An editor may choose only the segments that are open to them.

Nothing that the browser sends decides: while a form of Wagtail's admin is checked, the fields in it ask here whether
its user may use each segment. What was chosen before stays, whoever chose it: an editor who may not use a segment can
still correct the text of a block that has it.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.fields import StreamField

from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rights import usable_by

from .wrapping import wrap


@dataclass
class Choosing:
    """Who is choosing, and the UUIDs of what was chosen before (asked only when it matters)."""

    user: Any
    before: Callable[[], Collection[str]]

    @cached_property
    def usable(self) -> frozenset[str]:
        """The UUIDs that are open to the user: asked once, however many blocks a form has."""
        return frozenset(str(uuid) for uuid in usable_by(self.user).order_by().values_list("uuid", flat=True))

    @cached_property
    def chosen_before(self) -> frozenset[str]:
        return frozenset(self.before())


_current: ContextVar[Choosing | None] = ContextVar("wagtail_personalize_choosing", default=None)


@contextmanager
def choosing(user: Any, before: Callable[[], Collection[str]]) -> Iterator[None]:
    """Whatever is chosen within must be open to ``user``, unless it was chosen before."""
    token = _current.set(Choosing(user, before))
    try:
        yield
    finally:
        _current.reset(token)


def refuse_unusable(uuids: Collection[str]) -> None:
    """Raise ``ValidationError`` for segments that who is choosing may not choose; without anybody, nothing is asked."""
    current = _current.get()
    if current is None or not uuids:
        return
    if closed := {*uuids} - current.usable:
        closed -= current.chosen_before
    if refused := list(Segment.objects.filter(uuid__in=closed).order_by("name")) if closed else []:
        raise ValidationError([_refusal(segment) for segment in refused], code="not_usable")


def may_use(user: Any, uuids: Collection[str]) -> bool:
    """Are all of these segments, as far as they exist, open to this user?"""
    named = Segment.objects.filter(uuid__in=filter(_is_uuid, uuids))
    return not named.exclude(pk__in=usable_by(user).values("pk")).exists()


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def attach() -> None:
    """Let every form of the admin for a model check what is chosen in it. Called once, when the app is ready.

    A block's field is checked without knowing the user or the value before; the form knows both.
    """
    wrap(WagtailAdminModelForm, "full_clean", _checking)


def _checking(full_clean: Callable[..., None], form: WagtailAdminModelForm) -> None:
    if form.for_user is None:
        return full_clean(form)
    with choosing(form.for_user, lambda: _chosen_in_blocks(form)):
        return full_clean(form)


def _chosen_in_blocks(form: WagtailAdminModelForm) -> set[str]:
    """The UUIDs of the segments in the blocks, and in the audience, of the object as it was before this form."""
    keys: set[str] = set()
    named: set[str] = set()
    for field in form._meta.model._meta.get_fields():
        if isinstance(field, StreamField) and (value := form.initial.get(field.name)):
            references = field.stream_block.extract_references(value)
            keys.update(key for model, key, *_rest in references if model is Segment)
        if named_by := getattr(field, "named_by", None):
            named.update(named_by(form.initial.get(field.name)))
    return named | {str(uuid) for uuid in Segment.objects.filter(pk__in=keys).values_list("uuid", flat=True)}


def _refusal(segment: Segment) -> str:
    if not segment.live:
        return _("“%(segment)s” is a draft, so nobody is in it. Choose another segment.") % {"segment": segment.name}
    return _("You may not use the segment “%(segment)s”. Choose another one, or ask for the right to use it.") % {
        "segment": segment.name
    }

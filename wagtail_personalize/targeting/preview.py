"""Previews as somebody else: everyone, segments, a persona, a colleague, a visitor who is not signed in.

A preview is always for somebody chosen here, never for the editor's own person: without a choice it is *everyone*,
somebody signed in who is in no segment. Nothing is stored or counted for whom it shows. Three methods of Wagtail are
wrapped for it (see decision 1); what there is to choose says ``preview_modes``, who it is says ``preview_viewers``.
"""

from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.side_panels import PreviewSidePanel
from wagtail.models import PreviewableMixin

from .admin.preview_picker import ColleaguePicker, CombinationPicker
from .page_tree import page_model
from .preview_combinations import MOST_LISTED
from .preview_modes import ModeGroup, Modes, combinations_heading, flat, grouped_modes
from .preview_people import may_preview_people
from .preview_viewers import SEPARATOR, PreviewRefused, split_mode

_WAGTAILS_TEMPLATE = "wagtailadmin/shared/side_panels/preview.html"


class WithModes:
    """An object as the preview panel shows it: the same in everything but its list of modes."""

    def __init__(self, obj: Any, *, user: Any = None, people: bool = False) -> None:
        self._obj, self._user, self._people = obj, user, people

    @cached_property
    def mode_groups(self) -> list[ModeGroup]:
        return grouped_modes(self._obj, user=self._user, people=self._people)

    @cached_property
    def preview_modes(self) -> Modes:
        return flat(self.mode_groups)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._obj, name)


def attach() -> None:
    """Teach Wagtail's preview the further modes. Called once, when the app is ready."""
    _wrap_panel()
    _wrap_request()


def _wrap_panel() -> None:
    original, media = PreviewSidePanel.get_context_data, PreviewSidePanel.media

    @wraps(original)
    def get_context_data(self: PreviewSidePanel, parent_context: Any) -> dict[str, Any]:
        context = original(self, parent_context)
        people = may_preview_people(self.request.user)
        context["object"] = WithModes(self.object, user=self.request.user, people=people)
        context["has_multiple_modes"] = len(context["object"].preview_modes) > 1
        context |= {"separator": SEPARATOR, "colleague_picker": ColleaguePicker() if people else None}
        context["combination_picker"] = _combination_picker(context["object"], self.object)
        # Translators: %s is the name of a colleague.
        context["as_label"] = _("As %s")
        # Translators: %s names segments.
        context["member_label"] = _("As somebody in: %s")
        return context

    PreviewSidePanel.get_context_data = get_context_data
    PreviewSidePanel.media = property(lambda self: _media(media, self))
    if PreviewSidePanel.template_name == _WAGTAILS_TEMPLATE:
        PreviewSidePanel.template_name = "wagtail_personalize/targeting/admin/preview_panel.html"


def _combination_picker(modes: WithModes, obj: Any) -> CombinationPicker | None:
    """A search, where the list does not hold all combinations of a page."""
    heading = str(combinations_heading())
    full = any(g.heading.endswith(heading) and len(g.modes) >= MOST_LISTED for g in modes.mode_groups)
    is_page = isinstance(obj, page_model()) and obj.pk
    return CombinationPicker(obj.pk) if full and is_page else None


def _media(original: property, panel: PreviewSidePanel) -> forms.Media:
    return original.__get__(panel, type(panel)) + ColleaguePicker().media


def _wrap_request() -> None:
    original = PreviewableMixin.make_preview_request

    @wraps(original)
    def make_preview_request(
        self: Any, original_request: Any = None, preview_mode: Any = None, extra_request_attrs: Any = None
    ) -> HttpResponseBase:
        try:
            mode, viewer = split_mode(preview_mode, self, getattr(original_request, "user", None))
        except PreviewRefused as refused:
            if original_request is None:
                raise PermissionDenied(refused.sentence) from refused
            context = {"sentence": refused.sentence}
            template = "wagtail_personalize/targeting/admin/preview_refused.html"
            return render(original_request, template, context, status=403)
        attributes = {"viewer": viewer, **(extra_request_attrs or {})}
        return original(self, original_request, mode, attributes)

    PreviewableMixin.make_preview_request = make_preview_request

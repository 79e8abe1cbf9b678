"""Wagtail's userbar: as whom one is looking at a preview, and the way to see the live site as somebody else."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.userbar import BaseItem

from wagtail_personalize.segments.viewer import viewer_for

from . import view_as
from .preview_rights import worked_on_by


class PreviewedAs(BaseItem):
    """A line without a link: "Preview as: Nina (New joiner)"."""

    template_name = "wagtail_personalize/targeting/userbar_item.html"

    def __init__(self, label: str) -> None:
        self.label = label


class ViewAs(BaseItem):
    """The link *View as …*, for those who work on the page."""

    template_name = "wagtail_personalize/targeting/userbar_view_as.html"

    def __init__(self, page: Any) -> None:
        self.url = reverse("personalize_targeting:view_as", args=[page.pk])


def say_whom(request: HttpRequest | None, items: list[Any], page: Any) -> None:
    """For the hook ``construct_wagtail_userbar``; inside the preview panel the list of modes says it already."""
    if request is None or getattr(request, "in_preview_panel", False):
        return
    if getattr(request, "is_preview", False):
        items.insert(0, PreviewedAs(viewer_for(request).label))
    elif page is not None and page.pk and view_as.is_offered() and _works_on(request, page):
        items.append(ViewAs(page))


def _works_on(request: HttpRequest, page: Any) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and worked_on_by(user).filter(pk=page.pk).exists()

"""The button *Hashtags* in the header of a page, next to *Audience*."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button


def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """For those who may publish the page."""
    if not page.is_root() and page.permissions_for_user(user).can_publish():
        url = reverse("personalize_streams:page_hashtags", args=[page.pk])
        yield Button(_("Hashtags"), url, icon_name="tag", priority=46)

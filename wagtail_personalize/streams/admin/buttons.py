"""The buttons *Hashtags* and *Subscribe automatically…* in the header of a page, next to *Audience*."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button

from ..automatic.rules import may_change
from ..sources.pages import LEAST_DEPTH


def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """For those who may publish the page."""
    if page.is_root() or not page.permissions_for_user(user).can_publish():
        return
    url = reverse("personalize_streams:page_hashtags", args=[page.pk])
    yield Button(_("Hashtags"), url, icon_name="tag", priority=46)
    if page.depth >= LEAST_DEPTH and may_change(user):
        url = reverse("personalize_streams:page_rules", args=[page.pk])
        yield Button(_("Subscribe automatically…"), url, icon_name="mail", priority=47)

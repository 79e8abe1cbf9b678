"""The button *Audience* in the header of a page, next to what else can be done with it."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button


def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """For those who may publish the page; the root of the tree has no audience."""
    if not page.is_root() and page.permissions_for_user(user).can_publish():
        url = reverse("personalize_targeting:page_audience", args=[page.pk])
        yield Button(_("Audience"), url, icon_name="group", priority=45)

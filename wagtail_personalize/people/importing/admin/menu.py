"""The import in the menu: under *Personalisation* where there is one, else in the main menu."""

from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from .permission import may_import


class ImportMenuItem(MenuItem):
    """Shown to those who may import."""

    def is_shown(self, request: Any) -> bool:
        return may_import(request.user)


def menu_hook() -> str:
    """The menu *Personalisation* belongs to segments, which people does not know."""
    has_menu = apps.is_installed("wagtail_personalize.segments")
    return "register_personalize_menu_item" if has_menu else "register_admin_menu_item"


def import_menu_item() -> MenuItem:
    """The way to the history and the wizard."""
    url = reverse("personalize_imports:index")
    return ImportMenuItem(_("Import people"), url, name="import-people", icon_name="upload", order=400)

"""The one menu "Personalisation" of the admin; every room puts its items in."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, SubmenuMenuItem

#: Register items of the menu with this hook.
MENU_HOOK = "register_personalize_menu_item"
#: Change the menu for one request with this hook, as Wagtail's own menus allow.
CONSTRUCT_HOOK = "construct_personalize_menu"

personalize_menu = Menu(register_hook_name=MENU_HOOK, construct_hook_name=CONSTRUCT_HOOK)


def personalize_menu_item() -> SubmenuMenuItem:
    """The menu in the sidebar; hidden from those who may use nothing in it."""
    return SubmenuMenuItem(_("Personalisation"), personalize_menu, name="personalisation", icon_name="group", order=800)

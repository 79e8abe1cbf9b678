"""Wiring: what this room hangs into Wagtail."""

from wagtail import hooks

from .importing.admin import urls
from .importing.admin.menu import import_menu_item, menu_hook

hooks.register(menu_hook(), import_menu_item)


@hooks.register("register_admin_urls")
def register_admin_urls():
    return urls.urlpatterns

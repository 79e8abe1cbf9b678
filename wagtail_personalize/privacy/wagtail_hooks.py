"""Wiring: what this room hangs into Wagtail."""

from django.contrib.auth.models import Permission
from wagtail import hooks

from .erasure import admin, lifting
from .erasure.erasing import register_log_action

hooks.register("register_admin_urls", lambda: admin.urlpatterns)
hooks.register("register_settings_menu_item", admin.menu_item)
hooks.register("register_settings_menu_item", admin.lift_menu_item)
hooks.register("register_log_actions", register_log_action)
hooks.register("register_log_actions", lifting.register_log_action)


@hooks.register("register_permissions")
def register_permissions():
    ours = Permission.objects.filter(content_type__app_label="personalize_privacy")
    return ours.filter(codename__in=("erase_person", "lift_erasure"))

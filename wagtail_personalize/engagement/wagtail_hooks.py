"""Wiring: what this room hangs into Wagtail."""

from django.contrib.auth.models import Permission
from wagtail import hooks

from .reports import admin as reports_admin
from .status import admin as status_admin

hooks.register("register_admin_urls", lambda: reports_admin.urlpatterns)
hooks.register("register_reports_menu_item", reports_admin.menu_item)
hooks.register("register_page_header_buttons", reports_admin.header_buttons)
hooks.register("construct_homepage_panels", reports_admin.add_home_panel)
hooks.register("register_admin_urls", lambda: status_admin.urlpatterns)
hooks.register("register_reports_menu_item", status_admin.menu_item)


@hooks.register("register_permissions")
def register_permissions():
    wanted = ["view_figures", "change_reportingsegment", "view_balance"]
    return Permission.objects.filter(content_type__app_label="personalize_engagement", codename__in=wanted)

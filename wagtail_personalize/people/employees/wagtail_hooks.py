"""Wiring: what this app hangs into Wagtail."""

from wagtail import hooks

from .choosers import employee_chooser_viewset, user_chooser_viewset
from .viewsets import people_viewset_group


@hooks.register("register_admin_viewset")
def register_people():
    return [people_viewset_group, employee_chooser_viewset, user_chooser_viewset]

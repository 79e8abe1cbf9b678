"""Everybody who knocks at the admin: editors with and without page permission, and people who do not belong there."""

from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import GroupPagePermission, Page

from tests.builders import page, person, user

from .viewers import client_of

PERMISSIONS = "add_page", "change_page", "publish_page", "lock_page"


def working_on(someone, start):
    """``someone`` may enter the admin and edit and publish at and below ``start``."""
    group = Group.objects.create(name=f"Editors {someone.pk}")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in PERMISSIONS:
        permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=start, permission=permission)
    someone.groups.add(group)
    return someone


def who_may_only_enter():
    someone = user()
    group = Group.objects.create(name="Admin")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    someone.groups.add(group)
    return client_of(someone)


def of_another_section():
    return client_of(working_on(user(), page("Another section")))


def member_of_another_section():
    return client_of(working_on(person(department="Finance", level=2), page("Section of a member")))


def of_all_pages():
    return client_of(working_on(user(), Page.get_first_root_node()))


#: Wagtail's page permissions open the page to none of them, and none of them is in its audience.
SHUT_OUT = {
    "an anonymous visitor": Client,
    "an outsider without the admin": lambda: client_of(person(department="HR")),
    "a member without the admin": lambda: client_of(person(department="Finance", level=2)),
    "an editor without page permission": who_may_only_enter,
    "an editor of another section": of_another_section,
}

#: They work on the page.
LET_IN = {
    "an editor of all pages": of_all_pages,
    "a superuser": lambda: client_of(user(is_superuser=True)),
}

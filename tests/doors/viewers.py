"""The kinds of viewer on the front end, where editors and superusers are viewers like everybody else."""

import wagtail
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import GroupPagePermission

from tests.builders import home, person, user


def client_of(someone):
    client = Client()
    client.force_login(someone)
    return client


def editor_of_all_pages():
    someone = person(department="HR")
    group = Group.objects.create(name="All pages")
    root = home().get_parent()
    for permission in ("add_page", "change_page", "publish_page"):
        GroupPagePermission.objects.create(group=group, page=root, permission=_named(permission))
    someone.groups.add(group)
    return someone


def _named(codename):
    from django.contrib.auth.models import Permission

    return Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")


def who_lost_the_segment_a_second_ago():
    someone = person(department="Finance")
    client = client_of(someone)
    client.get("/menu/")
    someone.staff.department = "HR"
    someone.staff.save()
    return client


def who_left():
    someone = person(department="Finance")
    client = client_of(someone)
    someone.is_active = False
    someone.save()
    return client


OUTSIDERS = {
    "an anonymous visitor": Client,
    "an outsider": lambda: client_of(person(department="HR")),
    "a user without a profile": lambda: client_of(user()),
    "an excluded member": lambda: client_of(person(department="Finance", level=9)),
    "an editor without page permission": lambda: client_of(user(is_staff=True)),
    "an editor of all pages": lambda: client_of(editor_of_all_pages()),
    "a superuser": lambda: client_of(user(is_superuser=True)),
    "a person who lost the segment a second ago": who_lost_the_segment_a_second_ago,
    "a person who left": who_left,
}


def member():
    return client_of(person(department="Finance", level=2))


def all_viewers():
    """A client of each kind of viewer, by name; only *a member* may see what is shut."""
    return {name: enter() for name, enter in OUTSIDERS.items()} | {"a member": member()}


def with_token(someone):
    """What sends an API token of ``someone`` with each request, and no session."""
    from wagtail.models import APIToken

    _token, key = APIToken.create_token(user=someone, name="Test")
    return Client(headers={"Authorization": f"Bearer {key}"})


if wagtail.VERSION >= (8,):
    OUTSIDERS["the token of an outsider"] = lambda: with_token(person(department="HR"))
    OUTSIDERS["the token of a member without page permission"] = lambda: with_token(
        person(department="Finance", level=2)
    )

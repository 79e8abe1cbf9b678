"""Everybody who knocks at the documents and images of the admin."""

from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import GroupCollectionPermission

from tests.builders import person, user

from .editors import who_may_only_enter
from .files import collection, root
from .viewers import client_of

CHOOSE = "choose_document", "choose_image"
WORK = *CHOOSE, "add_document", "add_image", "change_document", "change_image"


def filing(someone, where, *codenames):
    """``someone`` may enter the admin and do this with the files in and below ``where``."""
    group = Group.objects.create(name=f"Filing {someone.pk}")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for permission in Permission.objects.filter(codename__in=codenames):
        GroupCollectionPermission.objects.create(group=group, collection=where, permission=permission)
    someone.groups.add(group)
    return someone


def working_elsewhere():
    return client_of(filing(person(department="HR"), collection("Elsewhere"), *WORK))


def choosing_everywhere():
    return client_of(filing(person(department="HR"), root(), *CHOOSE, "add_image"))


def member_choosing_everywhere():
    return client_of(filing(person(department="Finance", level=2), root(), *CHOOSE, "add_image"))


def working_everywhere():
    return client_of(filing(user(), root(), *WORK))


#: Neither Wagtail's permissions nor the audience of the collection give them its files.
SHUT_OUT = {
    "an anonymous visitor": Client,
    "a member without the admin": lambda: client_of(person(department="Finance", level=2)),
    "an editor without permission for files": who_may_only_enter,
    "an editor of another collection": working_elsewhere,
    "an outsider who may choose everywhere": choosing_everywhere,
}

#: They work on the files.
LET_IN = {
    "an editor of all collections": working_everywhere,
    "a superuser": lambda: client_of(user(is_superuser=True)),
}

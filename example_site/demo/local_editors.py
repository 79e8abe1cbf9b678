"""Editors of one location: they look after its pages and may target with most segments, but not with those of roles."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page

from wagtail_personalize.segments.models import SegmentCategory

from .access import EDITORS

LOCAL_EDITORS = "London editors"
LOCAL_EDITOR = "imogen.clarke"
SECTION = "london"
#: Who is a manager is for Internal Communications to use.
CLOSED_CATEGORY = "Roles"


def load_local_editors() -> None:
    """The group, its editor, and the category that is not open to it."""
    group, _new = Group.objects.get_or_create(name=LOCAL_EDITORS)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    pages = Permission.objects.filter(content_type__app_label="wagtailcore", content_type__model="page")
    section = Page.objects.get(slug=SECTION)
    for permission in pages.filter(codename__in=["add_page", "change_page", "publish_page"]):
        GroupPagePermission.objects.get_or_create(group=group, page=section, permission=permission)
    get_user_model().objects.get(username=LOCAL_EDITOR).groups.add(group)
    SegmentCategory.objects.get(name=CLOSED_CATEGORY).groups.add(Group.objects.get(name=EDITORS))

"""Whoever previews sees no more than they may open themselves.

A preview as a manager must not show the titles of restricted pages to an editor who is no manager. What is closed to
the editor as an ordinary viewer stays hidden in previews too, unless Wagtail's page permissions let the editor work on
it.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_personalize.segments.viewer import Viewer

from .audiences import visible_audience_ids
from .hidden_pages import IsOpen
from .page_tree import page_model

#: Any of these opens a page in the admin.
WORKING_ON_IT = {"add", "change", "publish", "bulk_delete", "lock", "unlock"}


def narrowed(pages: QuerySet, viewer: Viewer) -> QuerySet:
    """``pages`` without those that the editor who previews may not open."""
    if viewer.previewer is None:
        return pages
    return pages.exclude(pk__in=closed_to(viewer.previewer).values("pk"))


def may_open(page: Model, audiences: Any, viewer: Viewer) -> bool:
    """Whether the editor who previews may open ``page``, whose access audiences are given; yes outside of previews."""
    previewer = viewer.previewer
    if previewer is None or visible_audience_ids(previewer).issuperset(audiences):
        return True
    return worked_on_by(previewer.user).filter(pk=page.pk).exists()


def closed_to(previewer: Viewer) -> QuerySet:
    """The pages that the editor who previews may not open."""
    pages = page_model()._base_manager.order_by()
    closed = pages.exclude(IsOpen.to(visible_audience_ids(previewer)))
    return closed.exclude(pk__in=worked_on_by(previewer.user).order_by().values("pk"))


def is_editor(user: Any) -> bool:
    """Whether this user works on any page."""
    if user is None or not user.is_active or not user.has_perm("wagtailadmin.access_admin"):
        return False
    return PagePermissionPolicy(page_model()).user_has_any_permission(user, {"add", "change", "publish"})


def step_back(viewer: Viewer, page: Model) -> None:
    """On a page that the editor does not work on, who sees the live site as somebody else is themselves again."""
    if not worked_on_by(viewer.previewer.user).filter(pk=page.pk).exists():
        viewer.be_oneself()


def worked_on_by(user: Any) -> QuerySet:
    """The pages that ``user`` may open in the admin."""
    user = user or AnonymousUser()
    return PagePermissionPolicy(page_model()).instances_user_has_any_permission_for(user, WORKING_ON_IT)

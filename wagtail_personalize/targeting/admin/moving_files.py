"""A file that leaves a restricted collection, or a collection that leaves one: asked about like the move of a page.

Wagtail has a hook for the bulk action only, so the views and the form are wrapped. Whatever else uses the form, such as
the API and the list of files just uploaded, cannot ask: there it takes the permission to restrict pages.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from wagtail.admin.forms.collections import BaseCollectionMemberForm
from wagtail.admin.views.generic import EditView
from wagtail.models import Collection, CollectionMember

from ..page_audiences import RESTRICT
from ..widening import lost_by_moving_collection, lost_by_refiling
from ..wrapping import wrap
from .moving import question

_USER = "_personalize_user"


def attach() -> None:
    wrap(EditView, "form_valid", _saving)
    wrap(BaseCollectionMemberForm, "__init__", _knowing_whom)
    wrap(BaseCollectionMemberForm, "full_clean", _checking)


def ask_before_refiling(
    request: HttpRequest, action_type: str, files: Iterable[Model], action: Any
) -> TemplateResponse | None:
    """For Wagtail's bulk action "add to collection"."""
    if action_type != "add_to_collection" or getattr(action, "cleaned_form", None) is None:
        return None
    destination = action.cleaned_form.cleaned_data["collection"]
    return question(request, lost_by_refiling(files, destination), destination.name, action.next_url, "files")


def _saving(original: Callable[..., HttpResponse], view: EditView, form: Any) -> HttpResponse:
    destination, widened, what = _widened(form)
    if not widened:
        return original(view, form)
    asked = question(view.request, widened, destination.name, view.request.get_full_path(), what)
    return asked or original(view, form)


def _widened(form: Any) -> tuple[Collection | None, dict, str]:
    """Where the form would move what it edits, what more people could have there, and what kind of thing it is."""
    edited, sent = getattr(form, "instance", None), form.cleaned_data
    if isinstance(edited, Collection) and "parent" in form.changed_data:
        lost = lost_by_moving_collection(edited, sent["parent"])
        return sent["parent"], {edited: lost} if lost else {}, "collection"
    if isinstance(edited, CollectionMember) and "collection" in form.changed_data:
        return sent["collection"], lost_by_refiling([edited], sent["collection"]), "files"
    return None, {}, "files"


def _knowing_whom(original: Callable[..., None], form: Any, *args: Any, **kwargs: Any) -> None:
    setattr(form, _USER, kwargs.get("user"))
    original(form, *args, **kwargs)


def _checking(original: Callable[..., None], form: Any) -> None:
    """In nobody's name a form is the site's own decision."""
    original(form)
    destination = getattr(form, "cleaned_data", {}).get("collection")
    if getattr(form, _USER) is None or not form.instance.pk or destination is None:
        return
    if lost_by_refiling([form.instance], destination) and (problem := _problem(form)):
        form.add_error("collection", problem)


def _problem(form: Any) -> str:
    if not getattr(form, _USER).has_perm(RESTRICT):
        return _("More people could have this file there. You need the permission to restrict pages for that.")
    if form.files:  # the question cannot carry a file along
        return _("More people could have this file there. Save the new file first, and move it after that.")
    return ""

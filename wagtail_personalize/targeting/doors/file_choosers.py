"""The choosers of documents, images and whatever else lies in collections.

Wagtail shows there what one may choose; of a restricted collection an editor finds only what they may have as an
ordinary viewer, or what Wagtail's permissions let them change. Anything else does not exist for them. Choosers that a
site makes with Wagtail's ``ChooserViewSet``, those of snippets among them, are the same classes.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail import permissions
from wagtail.admin.views.generic.chooser import BaseChooseView, ChosenMultipleViewMixin, ChosenViewMixin
from wagtail.models import CollectionMember
from wagtail.permission_policies.collections import CollectionPermissionPolicy

from wagtail_personalize.segments.viewer import Viewer, viewer_for

from ..audiences import audience_index
from ..collection_audiences import closed_collections
from ..wrapping import wrap


def attach() -> None:
    wrap(BaseChooseView, "filter_object_list", _listed)
    wrap(ChosenViewMixin, "get_object", _one)
    wrap(ChosenMultipleViewMixin, "get", _many)
    if apps.is_installed("wagtail.images"):
        from wagtail.images.views import chooser, multiple

        wrap(chooser.ImageSelectFormatView, "dispatch", _formatted)
        for view in (chooser, multiple):
            wrap(view, "find_image_duplicates", _duplicates)


def choosable_files(files: QuerySet, viewer: Viewer) -> QuerySet:
    """``files`` without those that do not exist for the editor; what lies in no collection stays as it is."""
    if not issubclass(files.model, CollectionMember) or not audience_index(viewer).needs:
        return files
    user = viewer.user or AnonymousUser()
    changed = _policy(files.model).instances_user_has_any_permission_for(user, ["change", "delete"])
    closed = files.model._base_manager.order_by().filter(collection__in=closed_collections(viewer).values("pk"))
    return files.exclude(pk__in=closed.exclude(pk__in=changed.order_by().values("pk")).values("pk"))


def _policy(model: type[Model]) -> Any:
    """Who may change such files: on Wagtail 8 the site may have registered its own policy."""
    if registry := getattr(permissions, "policy_registry", None):
        return registry.get_by_type(model)
    if apps.is_installed("wagtail.images"):
        from wagtail.images import get_image_model
        from wagtail.images.permissions import permission_policy

        if model is get_image_model():
            return permission_policy
    if apps.is_installed("wagtail.documents"):
        from wagtail.documents import get_document_model
        from wagtail.documents.permissions import permission_policy

        if model is get_document_model():
            return permission_policy
    return CollectionPermissionPolicy(model)


def _listed(original: Callable[..., QuerySet], view: Any, objects: QuerySet) -> QuerySet:
    return original(view, choosable_files(objects, viewer_for(view.request)))


def _one(original: Callable[..., Model], view: Any, pk: Any) -> Model:
    """Raises what Wagtail raises for an object that is missing."""
    found = original(view, pk)
    _require(type(found), found.pk, view.request)
    return found


def _many(original: Callable[..., HttpResponse], view: Any, request: HttpRequest, *args: Any) -> HttpResponse:
    """Which were chosen comes from the browser: whoever asks for others learns nothing of them."""
    model = view.model_class
    if isinstance(model, type) and issubclass(model, CollectionMember):
        asked = model._default_manager.filter(pk__in=_keys(model, request.GET.getlist("id")))
        found = choosable_files(asked, viewer_for(request)).values_list("pk", flat=True)
        request.GET = request.GET.copy()
        request.GET.setlist("id", [str(pk) for pk in found])
    return original(view, request, *args)


def _keys(model: type[Model], sent: list[str]) -> Iterator[Any]:
    for key in sent:
        with suppress(ValidationError):
            yield model._meta.pk.to_python(key)


def _formatted(
    original: Callable[..., HttpResponse], view: Any, request: HttpRequest, image_id: int, **kwargs: Any
) -> HttpResponse:
    try:
        _require(view.model, image_id, request)
    except view.model.DoesNotExist as missing:
        raise Http404(f"No {view.model._meta.object_name} matches the given query.") from missing
    return original(view, request, image_id=image_id, **kwargs)


def _require(model: type[Model], pk: Any, request: HttpRequest) -> None:
    """Raise ``DoesNotExist`` for what the editor may not find."""
    if issubclass(model, CollectionMember):
        choosable_files(model._default_manager.all(), viewer_for(request)).get(pk=pk)


def _duplicates(original: Callable[..., QuerySet], image: Model, user: Any, permission_policy: Any) -> QuerySet:
    """The same picture in a restricted collection is none that could be used instead."""
    return choosable_files(original(image, user, permission_policy), Viewer.for_person(user))

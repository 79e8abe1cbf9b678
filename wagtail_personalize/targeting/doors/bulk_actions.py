"""The bulk actions of the admin: Wagtail names there, as not to be changed, whatever the address asks for.

Which objects are meant comes from the browser. What does not exist for the editor in a chooser does not exist here.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest
from wagtail.admin.views.bulk_action import BulkAction

from wagtail_personalize.segments.viewer import viewer_for

from ..page_tree import page_model
from ..wrapping import wrap
from .choosers import choosable
from .file_choosers import choosable_files


def attach() -> None:
    wrap(BulkAction, "__init__", _begin)


def _begin(original: Callable[..., None], action: Any, request: HttpRequest, model: type[Model]) -> None:
    original(action, request, model)
    find = action.get_queryset

    def found(model: type[Model], keys: Any) -> list[Model]:
        return _known(list(find(model, keys)), request)

    action.get_queryset = found


def _known(objects: list[Model], request: HttpRequest) -> list[Model]:
    """Raises what Wagtail raises when there is none."""
    if not objects:
        return objects
    model, keys = type(objects[0]), [each.pk for each in objects]
    if issubclass(model, page_model()):
        rows = choosable(page_model().objects.filter(pk__in=keys), request)
    else:
        rows = choosable_files(model._default_manager.filter(pk__in=keys), viewer_for(request))
    known = set(rows.values_list("pk", flat=True))
    if not known:
        raise Http404(f"No {model._meta.object_name} matches the given query.")
    return [each for each in objects if each.pk in known]

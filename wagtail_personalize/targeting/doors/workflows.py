"""The views of a page's workflow: Wagtail names the page in a message before it asks for permission.

To whoever does not know the page it is missing.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.pages import workflow

from ..wrapping import wrap
from .choosers import require_choosable


def attach() -> None:
    for view in vars(workflow).values():
        if isinstance(view, type) and issubclass(view, workflow.WorkflowPageViewMixin) and hasattr(view, "dispatch"):
            wrap(view, "dispatch", _asked)


def _asked(
    original: Callable[..., HttpResponse], view: Any, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponse:
    require_choosable([kwargs[view.pk_url_kwarg]], request)
    return original(view, request, *args, **kwargs)

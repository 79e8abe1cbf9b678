"""Attaches the viewer to the request and keeps personal answers out of shared caches."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from .context import viewing_as
from .viewer import Viewer, viewer_for


class ViewerMiddleware:
    """Sets ``request.viewer``, which asks the database only when somebody looks at it.

    Belongs behind ``AuthenticationMiddleware`` and behind any cache of whole pages.
    """

    sync_capable = True
    async_capable = True

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable]
    ) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._answer_async(request)
        with viewing_as(viewer_for(request)):
            response = self.get_response(request)
        return keep_private(response, request.viewer)

    async def _answer_async(self, request: HttpRequest) -> HttpResponseBase:
        with viewing_as(viewer_for(request)):
            response = await self.get_response(request)
        return keep_private(response, request.viewer)


def keep_private(response: HttpResponseBase, viewer: Viewer) -> HttpResponseBase:
    """Mark a response that was made for one viewer; stricter headers, such as ``no-store``, stay."""
    if viewer.personalised:
        patch_cache_control(response, private=True)
        patch_vary_headers(response, ["Cookie"])
    return response

import asyncio

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.test import RequestFactory, override_settings
from django.utils.cache import add_never_cache_headers, patch_cache_control

from tests import builders
from wagtail_personalize.segments.checks import check_segments
from wagtail_personalize.segments.context import current_viewer, viewing_as
from wagtail_personalize.segments.middleware import ViewerMiddleware
from wagtail_personalize.segments.viewer import Viewer

AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
VIEWER = "wagtail_personalize.segments.middleware.ViewerMiddleware"
PAGE_CACHE = "django.middleware.cache.UpdateCacheMiddleware"


class NobodyMayAsk:
    """A user that must not be looked at."""

    @property
    def is_authenticated(self):
        raise AssertionError("The user was looked at.")


def request_of(user=None):
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    return request


def answer(view, request=None):
    return ViewerMiddleware(view)(request or request_of())


def personal(response):
    def view(request):
        request.viewer.mark()
        return response

    return view


class TestMiddleware:
    def test_gives_the_view_its_viewer(self):
        def view(request):
            assert current_viewer() is request.viewer
            return HttpResponse(request.viewer.label)

        assert answer(view).content == b"Anonymous visitor"

    def test_does_not_look_at_the_user_by_itself(self):
        assert answer(lambda request: HttpResponse(), request_of(NobodyMayAsk())).status_code == 200

    def test_forgets_the_viewer_afterwards(self):
        answer(lambda request: HttpResponse())
        assert current_viewer().is_anonymous

    def test_forgets_the_viewer_when_the_view_fails(self):
        outside = Viewer.anonymous()

        def view(request):
            raise ZeroDivisionError

        with viewing_as(outside):
            with pytest.raises(ZeroDivisionError):
                answer(view)
            assert current_viewer() is outside

    def test_keeps_a_viewer_that_a_preview_has_set(self):
        request = request_of()
        request.viewer = Viewer.in_segments([], label="Everyone")
        assert answer(lambda r: HttpResponse(r.viewer.label), request).content == b"Everyone"

    def test_serves_async_views(self):
        async def view(request):
            assert current_viewer() is request.viewer
            request.viewer.mark()
            return HttpResponse()

        async def ask():
            response = await ViewerMiddleware(view)(request_of())
            assert current_viewer().is_anonymous
            return response

        assert asyncio.run(ask())["Cache-Control"] == "private"

    def test_keeps_requests_that_run_at_once_apart(self):
        async def view(request):
            before = current_viewer()
            await asyncio.sleep(0)
            assert current_viewer() is before is request.viewer
            return HttpResponse()

        async def ask():
            await asyncio.gather(*(ViewerMiddleware(view)(request_of()) for _ in range(20)))

        asyncio.run(ask())


class TestHeaders:
    def test_of_an_impersonal_response_are_left_alone(self):
        response = answer(lambda request: HttpResponse())
        assert not response.has_header("Cache-Control")
        assert not response.has_header("Vary")

    @pytest.mark.parametrize("response", [HttpResponse, HttpResponseNotModified, lambda: HttpResponseRedirect("/")])
    def test_of_a_personal_response_keep_it_private(self, response):
        response = answer(personal(response()))
        assert response["Cache-Control"] == "private"
        assert response["Vary"] == "Cookie"

    def test_that_said_public_say_private(self):
        response = HttpResponse(headers={"Vary": "Accept-Language"})
        patch_cache_control(response, public=True, max_age=600)
        response = answer(personal(response))
        assert set(response["Cache-Control"].split(", ")) == {"max-age=600", "private"}
        assert response["Vary"] == "Accept-Language, Cookie"

    def test_that_are_stricter_stay(self):
        response = HttpResponse()
        add_never_cache_headers(response)
        assert "no-store" in answer(personal(response))["Cache-Control"]

    def test_of_a_preview_that_began_inside_count_too(self):
        def view(request):
            request.viewer = Viewer.in_segments([])
            request.viewer.mark()
            return HttpResponse()

        assert answer(view)["Cache-Control"] == "private"


@pytest.mark.django_db
class TestWholeSite:
    def test_a_signed_in_person_is_the_viewer(self, client):
        page = builders.page("Canteen")
        client.force_login(builders.person("ada"))
        assert client.get(page.url).wsgi_request.viewer.user.username == "ada"

    def test_nobody_is_the_viewer_of_the_next_request(self, client):
        page = builders.page("Canteen")
        client.get(page.url)
        assert current_viewer().is_anonymous


def ids(middleware):
    with override_settings(MIDDLEWARE=middleware):
        return [message.id for message in check_segments(None)]


class TestChecks:
    def test_accept_the_right_order(self):
        assert ids([PAGE_CACHE, AUTHENTICATION, VIEWER]) == []

    def test_tell_that_it_is_missing(self):
        assert ids([AUTHENTICATION]) == ["personalize_segments.E001"]

    def test_tell_that_it_stands_before_authentication(self):
        assert ids([VIEWER, AUTHENTICATION]) == ["personalize_segments.E002"]

    def test_tell_that_a_cache_of_pages_stands_behind_it(self):
        assert ids([AUTHENTICATION, VIEWER, PAGE_CACHE]) == ["personalize_segments.E003"]

    @pytest.mark.parametrize(
        ("backend", "expected"),
        [
            ("django.core.cache.backends.redis.RedisCache", []),
            ("django.core.cache.backends.locmem.LocMemCache", ["personalize_segments.E005"]),
            ("django.core.cache.backends.dummy.DummyCache", ["personalize_segments.E005"]),
        ],
    )
    def test_refuse_a_cache_that_is_not_shared(self, settings, backend, expected):
        settings.CACHES = {**settings.CACHES, "shared": {"BACKEND": backend, "LOCATION": "redis://localhost"}}
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "SHARED_CACHE": "shared"}
        assert [message.id for message in check_segments(None)] == expected

    def test_refuse_a_cache_that_does_not_exist(self, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "SHARED_CACHE": "shared"}
        assert [message.id for message in check_segments(None)] == ["personalize_segments.E004"]

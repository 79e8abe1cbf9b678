"""``check_leaks`` reads whatever an answer is made of, asks as the scripts of a page do, and minds no echo."""

import pytest
from django.http import HttpResponse, HttpResponseNotFound, JsonResponse
from django.urls import path
from wagtail.images.models import Image

from tests.doors.files import collection, image, restrict_files
from wagtail_personalize.segments.models import Segment

from .test_check_leaks import OUTSIDERS, TITLE, Checked, build, kinds, viewers  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADDRESS = "/news/zorgvuldig-besluit/"
WORD = "Beslissing"
PROPS = '<div data-props="{{&quot;rows&quot;: [&quot;{}&quot;]}}"></div>'
JSON_LINES = '{"id": 1}\n{"title": "Zorgvuldig\\u0020besluit"}'


def answer(text, **headers):
    return lambda request: HttpResponse(text, headers=headers)


def partial(request):
    """For a script that replaces a part of the page; anybody else gets the frame."""
    if request.headers.get("HX-Request"):
        return HttpResponse(f"<li>{TITLE}</li>")
    return HttpResponse('<div hx-get="/told/" hx-trigger="load"></div>')


def second_page(request):
    if request.GET.get("page") == "2":
        return HttpResponse(TITLE)
    return HttpResponse('<a href="?page=2">Next</a>')


LEAKS = {
    "a rendering in a style": answer(f"<a style=\"background: url('{ADDRESS}')\">x</a>"),
    "a style sheet in the page": answer(f"<style>a {{ background: url({ADDRESS}) }}</style>"),
    "a refresh in the markup": answer(f'<meta http-equiv="refresh" content="0; url={ADDRESS}">'),
    "a refresh in the headers": answer("x", Refresh=f"0;url={ADDRESS}"),
    "a link in the headers": answer("x", Link=f"<{ADDRESS}>; rel=next"),
    "the name of a file": answer("x", **{"Content-Disposition": 'attachment; filename="zorgvuldig-besluit.pdf"'}),
    "an attribute": answer(f'<button aria-label="Open {TITLE}">x</button>'),
    "a set of sources": answer(f'<img srcset="/a.png 1x, {ADDRESS} 2x" alt="">'),
    "data in an attribute": answer(PROPS.format(TITLE)),
    "a script": answer(f"<script>let title = '{TITLE}';</script>"),
    "an escaped script": answer('<script>show("Zorgvuldig\\u0020besluit");</script>'),
    "a word with soft hyphens": answer("<p>Zorg\u00advul\u00addig besluit</p>"),
    "lines of JSON": answer(
        '{"id": 1}\n{"title": "Zorgvuldig\\u0020besluit"}', **{"Content-Type": "application/x-ndjson"}
    ),
    "a calendar": answer(f"BEGIN:VEVENT\nSUMMARY:{TITLE}\nEND:VEVENT", **{"Content-Type": "text/calendar"}),
}


class TestPlanted:
    @pytest.mark.parametrize("view", LEAKS.values(), ids=LEAKS)
    def test_is_found(self, build, view):  # noqa: F811
        build(path("told/", view))
        assert viewers(Checked(limit=1, urls=["/told/"]).leaks) == OUTSIDERS

    @pytest.mark.parametrize("view", [partial, second_page])
    def test_is_found_where_a_page_leads_to(self, build, view):  # noqa: F811
        build(path("told/", view))
        leaks = Checked().leaks
        assert viewers(leaks) == OUTSIDERS
        assert {leak["url"] for leak in leaks} == {"/told/#htmx" if view is partial else "/told/?page=2"}

    def test_is_found_by_a_title_of_one_word_in_data(self, build):  # noqa: F811
        restricted = build(
            path("told/", answer(PROPS.format(WORD))),
            path("json/", lambda request: JsonResponse([{"title": WORD}], safe=False)),
        )
        restricted.title = restricted.draft_title = WORD
        restricted.save()
        leaks = Checked(limit=2, urls=["/told/", "/json/"]).leaks
        assert {leak["url"] for leak in leaks} == {"/told/", "/json/"}

    def test_is_found_in_a_size_of_a_picture_that_was_never_made_before(self, build, settings, tmp_path):  # noqa: F811
        def sizes(request):
            return HttpResponse(
                "".join(f'<img src="{i.get_rendition("width-21").file.url}">' for i in Image.objects.all())
            )

        settings.MEDIA_ROOT = tmp_path
        build(path("told/", sizes))
        board = collection()
        image(board)
        restrict_files(board, Segment.objects.get(name="Finance"))
        leaks = Checked(limit=1, urls=["/told/"]).leaks
        assert viewers(leaks) == OUTSIDERS
        assert kinds(leaks) == {"file"}


class TestIsNoLeak:
    def test_what_a_page_for_missing_pages_repeats_of_the_address(self, build):  # noqa: F811
        def missing(request, slug):
            return HttpResponseNotFound(f"<p>There is no “{slug}”, nor “{slug.replace('-', ' ')}”.</p>")

        build(path("by-name/<slug:slug>/", missing))
        assert Checked(limit=2, urls=["/by-name/zorgvuldig-besluit/", "/"]).leaks == []

    def test_a_size_of_another_picture(self, build, settings, tmp_path):  # noqa: F811
        settings.MEDIA_ROOT = tmp_path
        build(path("told/", answer('<img src="/media/images/open.width-20.png" alt="">')))
        board = collection()
        image(board)
        restrict_files(board, Segment.objects.get(name="Finance"))
        assert Checked(limit=1, urls=["/told/"]).leaks == []

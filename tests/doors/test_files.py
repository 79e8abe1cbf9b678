"""Documents and images of restricted collections: who gets them, and what everybody else is answered."""

import re

import pytest
from django.core.cache import cache
from django.template import engines
from django.test import Client, RequestFactory
from wagtail.documents.models import Document
from wagtail.images.views.serve import generate_image_url
from wagtail.models import CollectionViewRestriction
from wagtail.rich_text import expand_db_html

from tests.builders import lose, person, segment, user
from tests.targeting.restricting import seen_by
from wagtail_personalize import can_see, visible
from wagtail_personalize.segments.context import viewing_as
from wagtail_personalize.targeting.doors.images import is_shown

from .files import collection, document, fetch, image, open_files, restrict_files
from .viewers import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()  # Wagtail keeps renditions there


@pytest.fixture
def finance():
    return segment("Finance")


@pytest.fixture
def board(finance):
    board = collection("Board papers")
    restrict_files(board, finance)
    return board


@pytest.fixture
def member():
    return client_of(person(department="Finance"))


@pytest.fixture
def outsider():
    return client_of(person(department="HR"))


@pytest.fixture
def someone_searching(board):
    document(board)

    def search(department):
        found = visible(Document.objects.all(), seen_by(person(department=department))).search("Zorgvuldig")
        return [each.title for each in found]

    return search


def answer(client, url, method="get", **headers):
    """All that a visitor can tell one answer from another by."""
    response = fetch(client, url, method, **headers)
    told = {name: value for name, value in response.headers.items() if name != "Expires"}
    return response.status_code, told, response.body


def image_url(found):
    return generate_image_url(found, "width-20")


class TestDocument:
    def test_comes_to_a_member(self, board, member):
        assert fetch(member, document(board).url).body == b"Salaries of all"

    def test_is_missing_for_somebody_else(self, board, outsider):
        assert fetch(outsider, document(board).url).status_code == 404

    def test_sends_an_anonymous_visitor_to_the_login(self, board):
        found = document(board)
        assert fetch(Client(), found.url).url == f"/login/?next={found.url}"

    def test_is_restricted_with_the_collections_above(self, board, outsider, member):
        found = document(collection("Minutes", parent=collection("2026", parent=board)))
        assert (fetch(outsider, found.url).status_code, fetch(member, found.url).status_code) == (404, 200)

    def test_is_open_beside_the_restricted_collection(self, board, outsider):
        assert fetch(outsider, document(collection("Canteen")).url).status_code == 200

    def test_is_open_again_when_the_restriction_is_lifted(self, board, outsider):
        found = document(board)
        open_files(board)
        assert fetch(outsider, found.url).status_code == 200

    def test_is_gone_on_the_next_request_after_a_right_was_lost(self, board):
        someone = person(department="Finance")
        client, found = client_of(someone), document(board)
        assert fetch(client, found.url).status_code == 200
        someone.staff.department = "HR"
        someone.staff.save()
        assert fetch(client, found.url).status_code == 404

    def test_is_gone_on_the_next_request_after_it_was_put_into_a_restricted_collection(self, board, outsider):
        found = document(collection("Canteen"))
        assert fetch(outsider, found.url).status_code == 200
        Document.objects.filter(pk=found.pk).update(collection=board)
        assert fetch(outsider, found.url).status_code == 404

    def test_is_kept_by_no_shared_cache_and_asked_for_each_time(self, board, member):
        headers = fetch(member, document(board).url).headers
        assert headers["Cache-Control"] == "private, no-cache"
        assert "Cookie" in headers["Vary"]

    def test_is_left_to_caches_when_it_is_open(self, board, outsider):
        assert "Cache-Control" not in fetch(outsider, document(collection("Canteen")).url).headers

    def test_keeps_wagtails_own_privacy_behind_the_restriction(self, board, member, outsider):
        CollectionViewRestriction.objects.create(collection=board, restriction_type="password", password="tell me")
        found = document(board)
        assert b"password" in fetch(member, found.url).body.lower()
        assert fetch(outsider, found.url).status_code == 404

    def test_lets_nobody_in_when_the_segment_is_lost(self, board, finance, member):
        found = document(board)
        finance.memberships.all().delete()
        lose(finance)
        assert fetch(member, found.url).status_code == 404


class TestConditionalRequest:
    """Only whoever may have a file learns whether it has changed."""

    def test_is_answered_to_a_member(self, board, member):
        found = document(board)
        tag = fetch(member, found.url).headers["ETag"]
        response = fetch(member, found.url, **{"If-None-Match": tag})
        assert (response.status_code, response.headers["Cache-Control"]) == (304, "private, no-cache")

    @pytest.mark.parametrize("header", ["If-None-Match", "If-Match"])
    def test_tells_an_outsider_nothing(self, board, member, outsider, header):
        found = document(board)
        tag = fetch(member, found.url).headers["ETag"]
        assert fetch(outsider, found.url, **{header: tag}).status_code == 404

    def test_tells_nothing_to_somebody_who_was_a_member(self, board):
        someone = person(department="Finance")
        client, found = client_of(someone), document(board)
        tag = fetch(client, found.url).headers["ETag"]
        someone.staff.department = "HR"
        someone.staff.save()
        assert fetch(client, found.url, **{"If-None-Match": tag}).status_code == 404


class TestSameAnswer:
    """The same address, before and after the file exists."""

    @pytest.mark.parametrize("method", ["get", "head", "post"])
    @pytest.mark.parametrize("mode", ["login", "404"])
    @pytest.mark.parametrize("signed_in", [True, False])
    def test_is_given_for_missing_and_restricted_documents(self, board, settings, method, mode, signed_in):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "ANONYMOUS": mode}
        client = client_of(person()) if signed_in else Client()
        found = document(board)
        asked = {"If-None-Match": f'"{found.file_hash}"', "Range": "bytes=0-9"}
        restricted = answer(client, found.url, method, **asked)
        wrong_name = answer(client, found.url + "x", method, **asked)
        url = found.url
        found.delete()
        assert answer(client, url, method, **asked) == restricted
        assert answer(client, url + "x", method, **asked) == wrong_name
        assert restricted[0] == (302 if mode == "login" and not signed_in else 404)

    @pytest.mark.parametrize("method", ["get", "head", "post"])
    @pytest.mark.parametrize("who", ["outsider", "anonymous"])
    def test_is_given_for_missing_and_restricted_images(self, board, outsider, method, who):
        client = outsider if who == "outsider" else Client()
        found = image(board)
        signed, unsigned = image_url(found), image_url(found).replace("/images/", "/images/x")
        restricted = [answer(client, url, method) for url in (signed, unsigned)]
        found.delete()
        assert [answer(client, url, method) for url in (signed, unsigned)] == restricted
        assert restricted[0][0] == (405 if method == "post" else 404)

    def test_says_the_same_to_a_template_of_the_site(self, board, outsider, settings):
        settings.DEBUG = True  # Django's own page shows the exception, as a template of the site may
        found = document(board)
        url = found.url
        restricted = fetch(outsider, url).body, fetch(outsider, url + "x").body
        found.delete()
        assert (fetch(outsider, url).body, fetch(outsider, url + "x").body) == restricted


class TestImage:
    def test_comes_to_a_member_and_is_kept_by_no_shared_cache(self, board, member):
        response = fetch(member, image_url(image(board)))
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "private, no-cache")

    def test_is_missing_for_somebody_else(self, board, outsider):
        found = image(board)
        assert fetch(outsider, image_url(found)).status_code == 404
        assert found.renditions.count() == 0

    def test_is_public_when_it_is_open(self, board, outsider):
        response = fetch(outsider, image_url(image(collection("Canteen"))))
        assert "public" in response.headers["Cache-Control"]


class TestImageInTemplate:
    """What Wagtail's tag gives is asked for again when the picture is fetched, where the site has the view for it."""

    SOURCE = "{% load wagtailimages_tags %}{% image picture width-20 %}{% image picture width-30 as shown %}"

    def render(self, picture, someone, path="/"):
        request = RequestFactory().get(path)
        request.user = someone
        template = engines["django"].from_string(self.SOURCE + "{{ shown.url }}")
        return template.render({"picture": type(picture).objects.get(pk=picture.pk)}, request)

    def test_has_an_address_that_asks_again(self, board, outsider):
        shown = self.render(image(board), person(department="Finance"))
        addresses = re.findall(r"/images/[^/]+/\d+/[^/]+/[^/\"]*", shown)
        assert len(addresses) == 2
        assert "/media/" not in shown
        assert [fetch(outsider, address).status_code for address in addresses] == [404, 404]

    def test_has_the_address_of_the_file_when_it_is_open(self, board):
        assert self.render(image(collection("Canteen")), person(department="HR")).count("/media/images/") == 2

    @pytest.mark.urls("tests.urls")
    def test_has_the_address_of_the_file_where_the_site_has_no_view(self, board):
        assert self.render(image(board), person(department="Finance")).count("/media/images/") == 2

    def test_is_shown_in_the_admin_by_the_rights_of_wagtail(self, board):
        assert self.render(image(board), person(department="HR"), "/admin/images/").count("/media/images/") == 2

    def test_costs_one_question_for_all(self, board, django_assert_max_num_queries):
        pictures = [image(board) for _ in range(5)]
        viewer = seen_by(person(department="HR"))
        assert not is_shown(pictures[0], viewer)
        with django_assert_max_num_queries(0):
            assert not any(is_shown(picture, viewer) for picture in pictures)


class TestListing:
    @pytest.mark.parametrize("make", [document, image])
    def test_agrees_with_the_single_answer(self, board, make):
        below, beside = collection("Minutes", parent=board), collection("Canteen")
        files = [make(where) for where in (board, below, beside)]
        for someone in (None, person(department="Finance"), person(department="HR"), user()):
            viewer = seen_by(someone)
            single = [found for found in files if can_see(found, viewer)]
            assert list(visible(type(files[0]).objects.order_by("pk"), seen_by(someone))) == single
        assert len(single) == 1

    def test_costs_no_query_of_its_own(self, board, django_assert_num_queries):
        document(board)
        viewer = seen_by(person(department="HR"))
        list(visible(Document.objects.all(), viewer))  # the process learns the audiences, and the viewer its segments
        with django_assert_num_queries(1):
            assert not visible(Document.objects.all(), viewer)

    @pytest.mark.django_db(transaction=True)  # MariaDB finds only what is committed
    def test_searches_only_what_one_may_have(self, board, someone_searching):
        assert someone_searching("Finance") == ["Zorgvuldig"]
        assert someone_searching("HR") == []


class TestRichText:
    @pytest.fixture
    def text(self, board):
        found, picture = document(board), image(board)
        return (
            f'<p><a linktype="document" id="{found.pk}">here</a>'
            f'<embed embedtype="image" id="{picture.pk}" format="left" alt="Board"/></p>'
        )

    def test_shows_links_and_images_to_members(self, text):
        with viewing_as(seen_by(person(department="Finance"))):
            assert expand_db_html(text).count("zorgvuldig") == 2

    def test_shows_plain_text_to_others(self, text):
        for someone in (None, person(department="HR")):
            with viewing_as(seen_by(someone)):
                assert expand_db_html(text) == '<p><a>here</a><img alt=""></p>'


@pytest.mark.django_db(transaction=True)
class TestSharedCache:
    """The setting ``SHARED_CACHE`` saves queries, never a right that was lost."""

    @pytest.fixture(autouse=True)
    def shared(self, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "SHARED_CACHE": "default"}

    def test_forgets_when_a_collection_is_restricted_opened_or_moved(self, board, outsider, finance):
        canteen = collection("Canteen")
        found = document(canteen)
        answers = [fetch(outsider, found.url).status_code]
        restrict_files(canteen, finance)
        answers.append(fetch(outsider, found.url).status_code)
        open_files(canteen)
        answers.append(fetch(outsider, found.url).status_code)
        canteen.move(board, pos="sorted-child")
        answers.append(fetch(outsider, found.url).status_code)
        assert answers == [200, 404, 200, 404]

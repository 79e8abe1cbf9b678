"""Targeted blocks through the front door: pages, the API, the editor."""

import json

import pytest
import wagtail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from tests.builders import audience, note, page, person, segment, targeted_page, user, variants
from tests.intranet.models import TargetedPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return segment("IT")


def client_of(someone):
    client = Client()
    client.force_login(someone)
    return client


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


class TestPages:
    def test_people_see_what_is_meant_for_them(self, it):
        url = targeted_page(note("For all"), note("For IT", audience([it])), note("Not for IT", audience((), [it]))).url
        inside, outside = (client_of(person(department=d)).get(url).content.decode() for d in ("IT", "HR"))
        assert "For IT" in inside
        assert "Not for IT" not in inside
        assert "For IT" not in outside.replace("Not for IT", "")
        assert inside.count("<section>") == outside.count("<section>") == 2

    def test_anonymous_visitors_see_nothing_meant_for_somebody(self, it):
        html = Client().get(targeted_page(note("For all"), note("For IT", audience([it]))).url).content.decode()
        assert "For all" in html
        assert "For IT" not in html
        assert html.count("<section>") == 1

    def test_superusers_are_ordinary_viewers(self, it):
        someone = user(is_superuser=True, is_staff=True)
        assert (
            "For IT" not in client_of(someone).get(targeted_page(note("For IT", audience([it]))).url).content.decode()
        )

    def test_a_personal_answer_is_private_and_another_is_not(self, it):
        client = client_of(person(department="IT"))
        personal = client.get(targeted_page(note("For IT", audience([it]))).url)
        assert "private" in personal["Cache-Control"]
        assert "Cookie" in personal["Vary"]
        assert "Cache-Control" not in client.get(targeted_page(note("For all")).url)

    @pytest.mark.parametrize("segments", [1, 100, 500])
    def test_fifty_targeted_blocks_cost_no_query_more_than_fifty_others(self, segments, django_assert_num_queries):
        named = [segment(f"S{n}") for n in range(min(segments, 10))]
        _more_segments(segments - len(named))
        blocks = [note(str(n), audience([named[n % len(named)]])) for n in range(50)]
        heroes = [variants((audience([named[n % len(named)]]), [note("a")]), default=[note("b")]) for n in range(5)]
        plain, targeted = page("Plain").url, targeted_page(*blocks, *heroes).url
        client = client_of(person(department="S0"))
        for url in (plain, targeted):
            client.get(url)
        assert queries(client, targeted) == queries(client, plain)


def _more_segments(number):
    from wagtail_personalize.segments.models import Segment

    rule = {"all": [{"attribute": "department", "operator": "is", "value": "Nobody"}]}
    Segment.objects.bulk_create([Segment(name=f"More {n}", slug=f"more-{n}", rule=rule) for n in range(number)])


@pytest.mark.urls("tests.targeting.api_urls")
class TestApi:
    def texts(self, client, page):
        body = client.get(f"/api/v2/pages/{page.pk}/").json()["body"]
        return [block["value"] for block in body]

    def test_gives_each_person_their_blocks(self, it):
        page = targeted_page(note("For all"), note("For IT", audience([it])))
        assert self.texts(Client(), page) == [{"text": "For all"}]
        assert self.texts(client_of(person(department="IT")), page) == [{"text": "For all"}, {"text": "For IT"}]

    def test_a_personal_answer_is_private(self, it):
        page = targeted_page(note("For IT", audience([it])))
        assert "private" in Client().get(f"/api/v2/pages/{page.pk}/")["Cache-Control"]


@pytest.mark.skipif(wagtail.VERSION < (8,), reason="Wagtail's editing API came with version 8")
@pytest.mark.urls("tests.targeting.api_urls")
class TestEditingApi:
    @pytest.fixture
    def token(self):
        from wagtail.models import APIToken

        _token, key = APIToken.create_token(user=user(is_superuser=True), name="Test")
        return {"Authorization": f"Bearer {key}"}

    def test_what_is_read_can_be_written_back(self, it, token):
        page = targeted_page(note("For all"), note("For IT", audience([it])), variants((audience([it]), [note("x")])))
        url = f"/api/v3/pages/{page.pk}/"
        body = Client().get(url, headers=token).json()["body"]
        assert [block["value"].get("text") for block in body] == ["For all", "For IT", None]
        change = {"meta": {"type": "intranet.TargetedPage", "action": "publish"}, "body": body}
        response = Client().patch(url, change, content_type="application/json", headers=token)
        assert response.status_code == 200, response.content
        stored = TargetedPage.objects.get(pk=page.pk).body.raw_data
        assert stored[1]["value"]["audience"] == audience([it])
        assert stored[2]["value"]["variants"][0]["value"]["audience"] == audience([it])

    def test_anonymous_readers_see_what_anonymous_visitors_see(self, it):
        page = targeted_page(note("For all"), note("For IT", audience([it])))
        body = Client().get(f"/api/v3/pages/{page.pk}/").json()["body"]
        assert [block["value"] for block in body] == [{"text": "For all"}]


class TestEditor:
    @pytest.fixture
    def editor(self):
        return client_of(user(is_superuser=True, is_staff=True))

    def post(self, editor, page, *body, **more):
        data = nested_form_data({"title": page.title, "slug": page.slug, "body": streamfield(body), **more})
        comments = {f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        return editor.post(
            reverse("wagtailadmin_pages:edit", args=[page.pk]), {**data, **comments, "action-publish": "1"}
        )

    def test_shows_every_block(self, editor, it):
        page = targeted_page(note("For IT", audience([it])), variants((audience([it]), [note("Varied")])))
        html = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert "For IT" in html
        assert "Varied" in html
        assert str(it.uuid) in html

    def test_saves_every_block_with_its_audience(self, editor, it):
        page = targeted_page(note("x"))
        chosen = {"include": [str(it.uuid)], "exclude": [], "starts": None, "ends": None}
        blocks = ("note", {"text": "For all"}), ("note", {"text": "For IT", "audience": json.dumps(chosen)})
        response = self.post(editor, page, *blocks)
        assert response.status_code == 302, response.context["form"].errors
        stored = TargetedPage.objects.get(pk=page.pk).body.raw_data
        assert [block["value"].get("audience") for block in stored] == [None, chosen]

    def test_compares_versions_with_every_block(self, editor, it):
        page = targeted_page(note("For IT", audience([it])))
        old = page.save_revision()
        page.body[0].value["text"] = "Still for IT"
        new = page.save_revision()
        html = editor.get(
            reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, old.pk, new.pk])
        ).content.decode()
        assert "Still" in html

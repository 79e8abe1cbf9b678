"""Quick links and documents for me: in one click, and nothing of what is not for the reader."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

from tests.builders import audience, block, page, person, segment
from tests.portal.models import PortalPage
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.content.links_block import QuickLinkBlock
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .builders import client_of, html, more_segments, portal, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return segment("IT")


@pytest.fixture
def colleague():
    return person(department="IT")


def link(label, audience=None, page=None, address=""):
    return block("item", {"label": label, "text": "", "page": page and page.pk, "address": address}, audience)


def links(*given, heading="Straight to"):
    return block("links", {"heading": heading, "links": list(given)})


def root_collection():
    """The root of all collections, made when a test before took it away."""
    return Collection.get_first_root_node() or Collection.add_root(name="Root")


def document(title, *tags, collection=None):
    collection = collection or root_collection()
    new = Document.objects.create(title=title, file=ContentFile(b"x", f"{title}.txt"), collection=collection)
    new.tags.add(*tags)
    return new


def documents(tag="", *chosen, **more):
    value = {"heading": "For me", "tag": tag, "chosen": list(chosen), "most": 8, "empty_text": "", **more}
    return block("documents", value)


def chosen(doc, audience=None):
    return block("item", {"document": doc.pk}, audience)


class TestQuickLinks:
    def test_are_for_those_who_are_meant_and_may_see_the_page(self, it, colleague):
        secret = page("Secret plan")
        set_page_audience(secret, None, Clause.of([it]), None)
        url = portal(links(link("Tickets", audience([it]), address="/tickets/"), link("Plan", page=secret))).url
        told = html(url, colleague)
        assert "/tickets/" in told
        assert secret.url in told
        for other in (person(department="HR"), None):
            told = html(url, other)
            assert "ickets" not in told
            assert "Plan" not in told
            assert "ecret" not in told

    def test_keep_their_order(self):
        url = portal(links(link("B", address="/b/"), link("A", page=page("A")), link("C", address="/c/"))).url
        told = html(url)
        places = [told.index(f">{label}<") for label in "BAC"]
        assert places == sorted(places)

    def test_are_not_there_without_any(self, it):
        assert "Straight to" not in html(portal(links(link("Tickets", audience([it]), address="/tickets/"))).url)

    @pytest.mark.urls("tests.targeting.api_urls")
    def test_are_in_the_api_as_they_are_on_the_page(self, it):
        new = portal(links(link("Tickets", audience([it]), address="/t/"), link("Canteen", address="/c/")))
        (told,) = client_of().get(f"/api/v2/pages/{new.pk}/").json()["body"]
        assert told["value"]["links"] == [{"label": "Canteen", "text": "", "url": "/c/"}]

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example", "evil.example", "/a b", "data:x"])
    def test_lead_only_to_real_addresses(self, address):
        given = {"label": "x", "text": "", "page": None, "address": address, "audience": None}
        with pytest.raises(Exception, match=r"(?s).*"):
            QuickLinkBlock().clean(QuickLinkBlock().to_python(given))

    def test_lead_somewhere(self):
        block_type = QuickLinkBlock()
        value = block_type.to_python({"label": "x", "text": "", "page": None, "address": ""})
        with pytest.raises(Exception, match=r"(?s).*"):
            block_type.clean(value)
        value["address"] = "/canteen/"
        assert block_type.clean(value)["address"] == "/canteen/"

    @pytest.mark.parametrize("number", [1, 100, 500])
    def test_cost_the_same_at_any_number(self, it, colleague, number):
        one = page("One")
        plain = queries(client_of(colleague), portal(links(link("0", audience([it]), page=one))).url)
        pages = [one, *(page(f"Page {n}") for n in range(min(number, 20)))]
        more_segments(number)
        many = [link(str(n), audience([it]), page=pages[n % len(pages)]) for n in range(number)]
        assert queries(client_of(colleague), portal(links(*many)).url) == plain


class TestDocumentsForMe:
    def test_are_those_with_the_tag(self):
        document("Plan", "Important")
        document("Draft")
        told = html(portal(documents("important")).url)
        assert "Plan" in told
        assert "Draft" not in told

    def test_are_those_chosen_for_the_reader_first(self, it, colleague):
        wanted, other = document("For IT"), document("For all")
        document("Newest", "important")
        url = portal(documents("important", chosen(wanted, audience([it])), chosen(other))).url
        told = html(url, colleague)
        assert told.index("For IT") < told.index("For all") < told.index("Newest")
        assert "For IT" not in html(url)

    def test_are_the_chosen_ones_however_many_newer_there_are(self):
        old = document("Old but chosen")
        for n in range(4):
            document(f"New {n}", "important")
        assert "Old but chosen" in html(portal(documents("important", chosen(old), most=2)).url)

    def test_can_be_opened_at_once(self):
        doc = document("Plan", "important")
        assert f'href="{doc.url}"' in html(portal(documents("important")).url)

    def test_leave_out_what_lies_in_a_restricted_collection(self, it, colleague):
        collections = pytest.importorskip("wagtail_personalize.targeting.collection_audiences")
        room = root_collection().add_child(name="IT room")
        inner = room.add_child(name="Below")
        collections.set_collection_audience(room, None, Clause.of([it]))
        document("Secret plan", "important", collection=inner)
        url = portal(documents("important")).url
        assert "Secret plan" in html(url, colleague)
        for other in (person(department="HR"), None):
            assert "Secret plan" not in html(url, other)

    def test_leave_out_what_wagtail_keeps_private(self, colleague):
        group = Group.objects.create(name="Board")
        kinds = {"login": [], "groups": [group], "password": []}
        for kind, groups in kinds.items():
            room = root_collection().add_child(name=kind)
            restriction = CollectionViewRestriction.objects.create(collection=room, restriction_type=kind)
            restriction.groups.set(groups)
            document(f"Plan {kind}", "important", collection=room)
        url = portal(documents("important")).url
        assert "Plan" not in html(url)
        assert "Plan login" in html(url, colleague)
        assert "Plan groups" not in html(url, colleague)
        assert "Plan password" not in html(url, colleague)
        colleague.groups.add(group)
        assert "Plan groups" in html(url, colleague)

    def test_say_when_there_is_none(self):
        assert "For me" not in html(portal(documents("important")).url)
        assert "Nothing yet" in html(portal(documents("important", empty_text="Nothing yet")).url)

    def test_are_as_many_as_the_editor_says(self):
        for n in range(5):
            document(f"Plan {n}", "important")
        assert html(portal(documents("important", most=3)).url).count("Plan ") == 3

    def test_make_the_answer_private(self):
        document("Plan", "important")
        assert "private" in client_of().get(portal(documents("important")).url)["Cache-Control"]

    @pytest.mark.parametrize("number", [1, 100, 500])
    def test_cost_the_same_at_any_number(self, it, colleague, number):
        docs = [document(f"Plan {n}", "important") for n in range(3)]
        plain = queries(client_of(colleague), portal(documents("important", chosen(docs[0], audience([it])))).url)
        more_segments(number)
        many = [chosen(docs[n % 3], audience([it])) for n in range(min(number, 50))]
        assert queries(client_of(colleague), portal(documents("important", *many)).url) == plain


def test_editor_makes_a_page_of_all_blocks():
    """The editor opens with every block."""
    from django.urls import reverse

    from tests.builders import home, user

    admin = client_of(user(is_superuser=True, is_staff=True))
    answer = admin.get(reverse("wagtailadmin_pages:add", args=["portal", "portalpage", home().pk]))
    assert answer.status_code == 200
    assert PortalPage._meta.verbose_name in answer.content.decode().lower()

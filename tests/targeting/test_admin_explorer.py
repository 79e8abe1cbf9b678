"""The explorer: a column with the audience of each page, filters by it, and the audience of many pages at once."""

import uuid

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.viewsets.pages import PageViewSet, base_page_viewset, page_viewset_registry
from wagtail.models import Page, PageLogEntry

from tests.builders import home, lose, page, segment
from tests.intranet.models import OtherPage, StandardPage
from tests.targeting.test_admin_audience import chosen, editor
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.targeting.admin.explorer import AudiencesInListing
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.listed_audiences import listed_audiences, with_audience
from wagtail_personalize.targeting.models import EffectiveAudience, PageAudience
from wagtail_personalize.targeting.page_audiences import page_audience, set_page_audience

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses():
    """Wagtail registers its views with the first address that is asked for; only then may a test replace one."""
    reverse("wagtailadmin_home")


@pytest.fixture
def boss(client):
    someone = editor("restrict_pages", "view_members")
    client.force_login(someone)
    return someone


@pytest.fixture
def it():
    return segment("IT")


@pytest.fixture
def hr():
    return segment("HR")


def explore(client, parent=None, **parameters):
    url = reverse("wagtailadmin_explore", args=[(parent or home()).pk])
    return client.get(url, parameters)


def rows(answer):
    """The words in the column, by the title of the page."""
    table = answer.context["table"]
    found = listed_audiences(table.data)
    return {row.title: found[row.pk] for row in table.data}


def titles(answer):
    return sorted(row.title for row in answer.context["table"].data)


class TestColumn:
    def test_says_who_may_open_a_page_and_to_whom_it_is_recommended(self, client, boss, it, hr):
        set_page_audience(page("Keys"), boss, Clause.of([it]), Clause.of([hr]))
        page("Unchosen")
        cells = explore(client).content.decode().split("<tr")
        (keys,) = [row for row in cells if "Keys" in row]
        assert "IT" in keys
        assert "HR" in keys
        (unchosen,) = [row for row in cells if "Unchosen" in row]
        assert "Everyone" in unchosen

    def test_says_what_a_page_inherits_also_when_nothing_is_stored_for_it(self, client, boss, it):
        section = page("Section")
        child = page("Child", parent=section, model=OtherPage)
        set_page_audience(section, boss, Clause.of([it]), None)
        for _stored in (True, False):
            found = rows(explore(client, section))["Child"]
            assert (found.restricted_to, found.restriction_inherited) == ("IT", True)
            assert "(inherited)" in explore(client, section).content.decode()
            EffectiveAudience.objects.filter(page_id=child.pk).delete()

    def test_shows_a_deleted_segment(self, client, boss):
        law = segment("Law")
        set_page_audience(page("Keys"), boss, Clause.of([law]), None)
        lose(law)
        assert "a deleted segment" in explore(client).content.decode()

    def test_costs_two_queries_for_fifty_pages_and_five_hundred_segments(self, client, boss, monkeypatch):
        names = [(uuid.uuid4(), f"Segment {number}") for number in range(500)]
        Segment.objects.bulk_create(
            [Segment(name=name, slug=str(key), uuid=key, rule={"all": []}) for key, name in names]
        )
        versions.grow(versions.SEGMENTS)
        for number in range(50):
            audience = Clause.of([key for key, _name in names[number * 10 : number * 10 + 10]])
            set_page_audience(page(f"Page {number}"), boss, None, audience)

        def queries():
            explore(client)
            with CaptureQueriesContext(connection) as asked:
                answer = explore(client)
            return len(asked), answer.content.decode()

        with_column, body = queries()
        assert "Segment 490" in body
        monkeypatch.setitem(page_viewset_registry.values_by_parent_model, Page, base_page_viewset)
        without, body = queries()
        assert "Segment 490" not in body
        assert with_column <= without + 2


class TestFilter:
    @pytest.fixture
    def pages(self, boss, it, hr):
        section = page("Section")
        page("Child", parent=section)
        set_page_audience(section, boss, Clause.of([it]), None)
        set_page_audience(page("News"), boss, None, Clause.of([hr]))
        page("Open")

    def test_finds_by_kind_with_what_is_inherited(self, client, pages):
        assert titles(explore(client, audience="restricted")) == ["Child", "Section"]
        assert titles(explore(client, audience="recommended")) == ["News"]
        assert titles(explore(client, audience="everyone")) == ["Open"]
        assert len(titles(explore(client, audience="nonsense"))) == 3

    def test_finds_by_the_name_of_a_segment(self, client, pages):
        assert titles(explore(client, audience_segment="it")) == ["Child", "Section"]
        assert titles(explore(client, audience_segment="hr")) == ["News"]
        assert titles(explore(client, audience_segment="law")) == []

    @pytest.mark.django_db(transaction=True)  # what is searched for must be committed on MariaDB
    def test_goes_together_with_the_search(self, client, pages):
        assert titles(explore(client, q="Section", audience="restricted")) == ["Section"]
        assert titles(explore(client, q="Section", audience="everyone")) == []
        assert titles(explore(client, q="News", audience="recommended")) == ["News"]
        assert titles(explore(client, q="Section", audience_segment="it")) == ["Section"]

    @pytest.mark.parametrize("model", [Page, StandardPage])
    def test_is_by_a_field_that_search_engines_filter_by(self, pages, model):
        filtered = with_audience(model.objects.all(), "restricted")
        assert sorted(filtered.values_list("title", flat=True)) == ["Child", "Section"]
        (condition,) = filtered.query.where.children
        assert condition.lhs.target.attname in {"id", "path"}


class TestOwnViewSet:
    def test_of_a_site_is_found_by_the_system_check(self):
        with hooks.register_temporarily("register_admin_viewset", lambda: type("Bare", (PageViewSet,), {})()):
            assert [e.msg.split()[0] for e in run_checks() if e.id == "personalize_targeting.W020"] == ["Bare"]
        assert not [e for e in run_checks() if e.id == "personalize_targeting.W020"]

    def test_shows_audiences_with_the_mixin(self, client, boss, it, monkeypatch):
        own = type("Own", (AudiencesInListing, PageViewSet), {"model": StandardPage})()
        with hooks.register_temporarily("register_admin_viewset", lambda: own):
            assert not [e for e in run_checks() if e.id == "personalize_targeting.W020"]
        set_page_audience(page("Keys"), boss, Clause.of([it]), None)
        monkeypatch.setitem(page_viewset_registry.values_by_parent_model, Page, own)
        answer = explore(client)
        assert "personalize-audience-cell" in answer.content.decode()
        assert titles(explore(client, audience="restricted")) == ["Keys"]

    def test_shows_audiences_beside_columns_of_its_own(self, client, boss, it, monkeypatch):
        own = type(
            "Own", (AudiencesInListing, PageViewSet), {"model": StandardPage, "list_display": ["title", "intro"]}
        )()
        set_page_audience(page("Keys"), boss, Clause.of([it]), None)
        monkeypatch.setitem(page_viewset_registry.values_by_parent_model, Page, own)
        assert "personalize-audience-cell" in explore(client).content.decode()


class TestBulkAction:
    @pytest.fixture
    def pages(self, boss):
        return [page("One"), page("Two", model=OtherPage)]

    def url(self, pages):
        ids = "&".join(f"id={each.pk}" for each in pages)
        action = ["wagtailcore", "page", "personalize_audience"]
        return f"{reverse('wagtail_bulk_action', args=action)}?{ids}&next=/admin/"

    def send(self, client, pages, **parts):
        ticks = {name: "on" for name in ("change_recommend", "change_restrict", "confirmed") if parts.pop(name, False)}
        return client.post(self.url(pages), {**chosen(**parts), **ticks})

    def test_is_offered_in_the_explorer(self, client, pages):
        assert "Set audience" in explore(client).content.decode()
        assert "Change who may open the pages" in client.get(self.url(pages)).content.decode()

    def test_recommends_all_pages_and_keeps_their_restrictions(self, client, boss, it, hr, pages):
        set_page_audience(pages[0], boss, Clause.of([hr]), None)
        answer = self.send(client, pages, change_recommend=True, recommend_include=[it])
        assert answer.status_code == 302
        assert [page_audience(each).recommendation.clauses[0]["include"] for each in pages] == [[str(it.uuid)]] * 2
        assert page_audience(pages[0]).access.clauses[0]["include"] == [str(hr.uuid)]
        assert page_audience(pages[1]).access is None

    def test_asks_before_it_narrows_or_widens_and_says_how_for_each_page(self, client, boss, it, hr, pages):
        set_page_audience(pages[0], boss, Clause.of([hr]), None)
        asked = self.send(client, pages, change_restrict=True, restrict_include=[it]).content.decode()
        assert "Other people may open it" in asked.split("One")[-1].split("</tr>")[0]
        assert "Fewer people may open it" in asked.split("Two")[-1].split("</tr>")[0]
        assert page_audience(pages[1]) is None
        lifted = self.send(client, pages, change_restrict=True).content.decode()
        assert "More people may open it" in lifted.split("One")[-1].split("</tr>")[0]
        assert "Two" not in lifted

    def test_restricts_after_the_question_and_logs_each_page(self, client, boss, it, pages):
        answer = self.send(client, pages, change_restrict=True, restrict_include=[it], confirmed=True)
        assert answer.status_code == 302
        client.logout()
        assert [client.get(each.url).status_code for each in pages] == [302, 302]
        logged = PageLogEntry.objects.filter(action="wagtail_personalize.audience", user=boss)
        assert {entry.page_id for entry in logged} == {each.pk for each in pages}

    def test_does_not_restrict_without_the_permission(self, client, it, pages):
        client.force_login(editor())
        self.send(client, pages, change_restrict=True, restrict_include=[it], confirmed=True)
        self.send(client, pages, change_restrict=True, change_recommend=True, restrict_include=[it], confirmed=True)
        assert not PageAudience.objects.filter(access__isnull=False).exists()

    def test_leaves_out_pages_that_one_may_not_publish(self, client, it, pages):
        client.force_login(editor("restrict_pages", publish=False))
        body = client.get(self.url(pages)).content.decode()
        assert "You don&#x27;t have permission to set the audience" in body or "You don't have permission" in body
        self.send(client, pages, change_recommend=True, recommend_include=[it])
        assert not PageAudience.objects.exists()

    def test_never_takes_what_is_damaged_for_everyone(self, client, boss, it, pages):
        set_page_audience(pages[0], boss, Clause.of([it]), None)
        sent = {**chosen(), "restrict-include": "{", "change_restrict": "on", "confirmed": "on"}
        assert "This audience cannot be read." in client.post(self.url(pages), sent).content.decode()
        assert page_audience(pages[0]).access is not None

    def test_refuses_nothing_ticked_and_segments_that_people_choose(self, client, pages):
        reds = segment("Reds", {"all": [{"attribute": "motto", "operator": "is", "value": "red"}]})
        assert "Tick what you want to change" in self.send(client, pages).content.decode()
        answer = self.send(client, pages, change_restrict=True, restrict_include=[reds], confirmed=True)
        assert "may recommend a page but not restrict it" in answer.content.decode()
        assert not PageAudience.objects.exists()

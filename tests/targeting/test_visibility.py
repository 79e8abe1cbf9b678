"""The one door, used as a site builder uses it."""

import pytest
from django.db.models import QuerySet
from wagtail.models import Page

from tests.builders import home, page, person, segment, user
from tests.intranet.models import OtherPage, Skill, StandardPage
from wagtail_personalize import can_see, visible
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.refresh import refresh
from wagtail_personalize.targeting.models import EffectiveAudience
from wagtail_personalize.targeting.visibility import recommended_first, register_door

from .restricting import bulk, make_segments, open_up, recommend, restrict, restrict_many, seen_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    return segment("Finance")


@pytest.fixture
def member(finance):
    return person(department="Finance")


def titles(pages):
    return [page.title for page in pages]


class TestVisible:
    def test_leaves_out_what_is_restricted_and_all_below(self, finance, member):
        secret = page("Secret")
        page("Below", parent=secret)
        page("Open")
        restrict(secret, finance)
        listed = StandardPage.objects.all()
        assert titles(visible(listed, seen_by(member))) == ["Secret", "Below", "Open"]
        assert titles(visible(listed, seen_by(user()))) == ["Open"]
        assert titles(visible(listed, seen_by())) == ["Open"]

    def test_takes_querysets_of_any_page_type_and_shape(self, finance):
        restrict(page("Secret", model=OtherPage), finance)
        page("Open", model=OtherPage)
        viewer = seen_by(user())
        assert titles(visible(OtherPage.objects, viewer)) == ["Open"]
        assert titles(visible(home().get_children().live().specific(), viewer)) == ["Open"]
        assert list(visible(OtherPage.objects.values_list("title", flat=True), viewer)) == ["Open"]
        assert visible(OtherPage.objects.order_by("-title").distinct(), viewer).count() == 1
        assert titles(Page.objects.filter(pk__in=visible(OtherPage.objects.all(), viewer))) == ["Open"]
        assert titles(visible(visible(OtherPage.objects.all(), viewer), viewer)) == ["Open"]

    def test_can_be_sliced_and_filtered_afterwards(self, finance):
        for number in range(4):
            new = page(f"Page {number}")
            if number % 2:
                restrict(new, finance)
        listed = visible(StandardPage.objects.order_by("title"), seen_by(user()))
        assert titles(listed[:2]) == ["Page 0", "Page 2"]
        assert titles(listed.filter(title__endswith="2")) == ["Page 2"]

    @pytest.mark.parametrize("wrong", [lambda q: q[:5], lambda q: q.union(q)])
    def test_refuses_what_would_come_out_wrong(self, wrong):
        with pytest.raises(TypeError, match="first"):
            visible(wrong(Page.objects.all()), seen_by())

    def test_refuses_what_is_no_page(self):
        with pytest.raises(TypeError, match="Skill"):
            visible(Skill.objects.all(), seen_by())

    def test_computes_pages_without_a_stored_row_live(self, finance, member):
        secret = page("Secret")
        restrict(secret, finance)
        page("Never published", parent=secret)
        assert titles(visible(StandardPage.objects.all(), seen_by(user()))) == []
        EffectiveAudience.objects.all().delete()
        assert titles(visible(StandardPage.objects.all(), seen_by(user()))) == []
        assert titles(visible(StandardPage.objects.all(), seen_by(member))) == ["Secret", "Never published"]

    @pytest.mark.django_db(transaction=True)  # MariaDB finds only what is committed
    @pytest.mark.parametrize("query", ["Salary", "salar"])
    def test_narrows_a_search_on_the_database(self, finance, member, query):
        restrict(page("Salary of the board"), finance)
        page("Salary of the others")

        def found(someone):
            pages = visible(Page.objects.live(), seen_by(someone))
            results = pages.autocomplete(query) if query == "salar" else pages.search(query)
            return sorted(titles(results)), results.count()

        assert found(member) == (["Salary of the board", "Salary of the others"], 2)
        assert found(user()) == (["Salary of the others"], 1)

    def test_makes_the_response_private_once_anything_has_an_audience(self, finance):
        viewer = seen_by(user())
        visible(Page.objects.all(), viewer)
        assert not viewer.personalised
        restrict(page("Secret"), finance)
        viewer = seen_by(user())
        visible(Page.objects.all(), viewer)
        assert viewer.personalised

    @pytest.mark.parametrize(("restrictions", "segments"), [(1, 1), (10, 10), (100, 100), (1000, 500)])
    def test_costs_its_own_query_and_the_viewers(
        self, django_assert_num_queries, restrictions, segments, finance, member
    ):
        top = page("Top")
        below = Page.objects.child_of(top)
        restrict_many(bulk(top, restrictions), make_segments(segments) * -(-restrictions // segments))
        page("Open", parent=Page.objects.get(pk=top.pk))
        list(visible(below, seen_by(member)))
        with django_assert_num_queries(2):
            assert titles(visible(below, seen_by(member))) == ["Open"]


class TestCanSee:
    def test_agrees_for_a_page_that_moved_since_it_was_loaded(self, finance):
        secret, other = page("Secret"), page("Other")
        restrict(secret, finance)
        Page.objects.get(pk=other.pk).move(secret, pos="last-child")
        assert not can_see(other, seen_by(user()))

    def test_costs_one_query_and_the_viewers(self, django_assert_num_queries, finance, member):
        secret = page("Secret")
        restrict(secret, finance)
        can_see(secret, seen_by(member))
        with django_assert_num_queries(2):
            assert can_see(secret, seen_by(member))

    def test_is_false_for_a_page_that_was_never_saved(self):
        assert not can_see(StandardPage(title="New"), seen_by(user()))

    def test_asks_the_door_that_a_room_registered(self):
        with pytest.raises(TypeError, match="register_door"):
            can_see(Skill(name="Juggling"), seen_by())
        register_door(Skill, lambda skill, viewer: skill.name == "Juggling")
        assert can_see(Skill(name="Juggling"), seen_by())
        assert not can_see(Skill(name="Spying"), seen_by())

    def test_lets_nobody_in_by_a_segment_that_became_self_chosen(self, finance, member):
        secret, meant = page("Secret"), page("Meant")
        restrict(secret, finance)
        recommend(meant, finance)
        rule = {"any": [*finance.rule["all"], {"attribute": "motto", "operator": "is", "value": "red"}]}
        QuerySet(Segment).filter(pk=finance.pk).update(rule=rule)
        refresh()
        viewer = seen_by(member)
        assert viewer.is_in(finance)
        assert not can_see(secret, viewer)
        assert titles(recommended_first(visible(StandardPage.objects.all(), viewer), viewer)) == ["Meant"]


class TestRecommendedFirst:
    def test_changes_the_order_and_hides_nothing(self, finance, member):
        for name in ("A", "B", "C"):
            page(name)
        recommend(Page.objects.get(title="B"), finance)
        listed = StandardPage.objects.order_by("-title")
        assert titles(recommended_first(listed, seen_by(member))) == ["B", "C", "A"]
        assert titles(recommended_first(listed, seen_by(user()))) == ["C", "B", "A"]

    def test_keeps_the_order_of_the_tree_by_default(self, finance, member):
        first, last = page("First"), page("Last")
        recommend(last, finance)
        assert titles(recommended_first(StandardPage.objects.all(), seen_by(member))) == ["Last", "First"]
        open_up(last)
        assert titles(recommended_first(StandardPage.objects.all(), seen_by(member))) == ["First", "Last"]
        assert first.pk

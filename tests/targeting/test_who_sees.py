"""What an editor is told about who sees what: sizes, shares, and versions that nobody can see."""

import json

import pytest
from django.urls import reverse

from tests.builders import audience, lose, note, page, person, segment, targeted_page, undo, variants
from tests.targeting.test_admin_audience import editor
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.combinations import combinations_of
from wagtail_personalize.targeting.page_audiences import set_page_audience
from wagtail_personalize.targeting.who_sees import WhoSees

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    """Six people of IT, two of HR, twelve of Sales."""
    for name, number in (("IT", 6), ("HR", 2), ("Sales", 12)):
        for _each in range(number):
            person(department=name)
    return {name: segment(name) for name in ("IT", "HR", "Sales")}


@pytest.fixture
def it(company):
    return company["IT"]


@pytest.fixture
def hr(company):
    return company["HR"]


def versions(*body, exact=True, access=()):
    seen = WhoSees(targeted_page(*body), frozenset(access), exact=exact)
    return [version for row in seen.rows for version in row.versions]


def problems(*body, **options):
    return [version.problem for version in versions(*body, **options)]


class TestCombinations:
    def test_are_counted_once_for_each_person_most_frequent_first(self, it, hr):
        tech = segment("Tech", {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["IT", "HR"]}]})
        found = [(each.segment_ids, each.people) for each in combinations_of([it.pk, hr.pk, tech.pk]).all]
        assert found == [(frozenset(), 12), (frozenset({it.pk, tech.pk}), 6), (frozenset({hr.pk, tech.pk}), 2)]

    def test_of_more_segments_than_one_number_has_bits(self, it):
        everyone = {"all": [{"attribute": "department", "operator": "is_set"}]}
        many = [segment(f"Everyone {number}", everyone).pk for number in range(70)]
        assert [(len(each.segment_ids), each.people) for each in combinations_of([*many, it.pk]).all] == [
            (70, 14),
            (71, 6),
        ]

    def test_leave_out_people_who_left_and_broken_segments(self, it):
        person(department="IT", active=False)
        assert combinations_of([it.pk]).count(lambda mine: it.pk in mine) == 6
        Segment.objects.filter(pk=it.pk).update(broken="gone")
        assert combinations_of([it.pk]).count(lambda mine: it.pk in mine) == 0

    @pytest.mark.parametrize("number", [2, 30])
    def test_cost_as_much_for_many_segments(self, company, number, django_assert_num_queries):
        keys = [segment(f"S{place}", company["IT"].rule).pk for place in range(number)]
        combinations_of(keys)
        with django_assert_num_queries(3):
            combinations_of(keys)


class TestSizes:
    def test_are_what_each_version_takes_of_the_pages_audience(self, it, hr):
        hero = variants((audience([it]), [note("a")]), (audience([it, hr]), [note("b")]), default=[note("c")])
        assert [(v.people, v.share) for v in versions(hero)] == [
            ("6 people", "30 %"),
            ("2 people", "10 %"),
            ("12 people", "60 %"),
        ]

    def test_are_rounded_for_those_who_may_not_see_members(self, it, hr):
        hero = variants((audience([it]), [note("a")]), (audience([hr]), [note("b")]), default=[note("c")])
        assert [(v.people, v.share) for v in versions(hero, exact=False)] == [
            ("at least 5 people", "25 %"),
            ("fewer than 5 people", "< 5 %"),
            ("at least 10 people", "50 %"),
        ]

    def test_count_only_people_who_may_open_the_page(self, it, hr):
        (seen,) = versions(note("a", audience([it])), access=[Clause.of([it, hr])])
        assert (seen.people, seen.share) == ("6 people", "75 %")

    @pytest.mark.parametrize("number", [2, 40])
    def test_cost_as_much_for_many_blocks(self, company, number, django_assert_num_queries):
        named = [segment(f"S{place}", company["IT"].rule) for place in range(number)]
        target = targeted_page(*(note("x", audience([each])) for each in named))
        WhoSees(target, exact=True).problems
        with django_assert_num_queries(5):
            assert len(WhoSees(target, exact=True).rows) == number


class TestProblems:
    def test_are_none_where_all_is_well(self, it):
        assert problems(note("a", audience([it])), variants((audience([it]), []), default=[])) == ["", "", ""]

    def test_a_deleted_segment_lets_nobody_see(self):
        law = segment("Law")
        target = note("a", audience([law]))
        lose(law)
        assert problems(target) == ["Nobody sees this: it names a deleted segment."]

    def test_a_broken_segment_lets_nobody_see_even_if_it_is_left_out(self, it, hr):
        Segment.objects.filter(pk=it.pk).update(broken="gone")
        assert problems(note("a", audience([hr], [it]))) == ["Nobody sees this: it names “IT”, which needs repair."]

    def test_a_draft_has_nobody(self, it):
        target = note("a", audience([it]))
        undo(it)
        assert problems(target) == ["Nobody sees this: it names “IT”, which is a draft."]

    def test_an_audience_without_people(self, company):
        law = segment("Law")
        assert problems(note("a", audience([law]))) == ["Nobody is in this audience today."]
        (rounded,) = problems(note("a", audience([company["HR"]])), exact=False)
        assert rounded == "Fewer than 5 people are in this audience today."

    def test_an_identical_variant_above(self, it):
        hero = variants((audience([it]), []), (audience([it]), []), default=[])
        assert problems(hero)[1] == "Never shown: “Variant 1” above is for the same people."

    def test_a_variant_above_for_more_people(self, it, hr):
        hero = variants((audience([it, hr]), []), (audience([it]), []), default=[])
        assert problems(hero)[1] == "Never shown: “Variant 1” above is for all these people and more."

    def test_a_variant_above_for_everyone(self, it):
        hero = variants((None, []), (audience([it]), []), default=[])
        assert problems(hero)[1:] == ["Never shown: “Variant 1” above is for everyone."] * 2

    def test_variants_above_that_cover_all_its_people(self, it, hr, company):
        tech = segment("Tech", {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["IT", "HR"]}]})
        hero = variants((audience([it]), []), (audience([hr]), []), (audience([tech]), []), default=[])
        assert problems(hero)[2] == "Never shown: everybody in this audience sees a variant above."

    def test_a_variant_that_is_off_or_over_takes_nobody_away(self, it):
        hero = variants((audience([it]), []), (audience([it], ends="2020-01-01"), []), (audience([it]), []), default=[])
        hero["value"]["variants"][0]["value"]["on"] = False
        assert [v.note for v in versions(hero)] == ["Off: nobody sees it.", "Its time is over: nobody sees it.", "", ""]
        assert problems(hero) == [""] * 4

    def test_an_audience_with_nearly_everybody(self, company):
        known = segment("Known", {"all": [{"attribute": "department", "operator": "is_set"}]})
        (problem,) = problems(note("a", audience([known])))
        assert problem == "Nearly everybody sees this (100 %). It may not need an audience."

    def test_a_page_that_nobody_may_open(self, company):
        seen = WhoSees(page("Keys"), frozenset({Clause.of([segment("Law")])}), exact=True)
        assert seen.problems == ["This page: Nobody is in this audience today."]

    def test_are_found_at_any_depth(self, company):
        law = segment("Law")
        content = [{"type": "note", "value": {"text": "deep", "audience": audience([law])}, "id": "a"}]
        section = {"type": "section", "value": {"heading": "", "content": content, "notes": []}, "id": "b"}
        assert WhoSees(targeted_page(section), exact=True).problems == [
            "Note “deep”: Nobody is in this audience today."
        ]


class TestEditor:
    @pytest.fixture
    def target(self, it):
        return targeted_page(note("Plan of the week", audience([it])))

    def edit(self, client, target):
        return client.get(reverse("wagtailadmin_pages:edit", args=[target.pk])).content.decode()

    def form(self, client, target, segment):
        from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

        form = client.get(reverse("wagtailadmin_pages:edit", args=[target.pk])).context["form"]
        chosen = {"text": "Plan", "audience-include": json.dumps([str(segment.uuid)])}
        return nested_form_data(
            {
                **{name: value for name, value in form.initial.items() if isinstance(value, str | int | bool)},
                "body": streamfield([("note", chosen)]),
                "comments": inline_formset([]),
            }
        )

    def check(self, client, target, segment):
        url = reverse("personalize_targeting:check_page", args=[target.pk])
        return client.post(url, self.form(client, target, segment))

    def test_shows_each_place_with_its_people(self, client, target):
        client.force_login(editor("view_members"))
        body = self.edit(client, target)
        assert "Who sees what" in body
        assert "Plan of the week" in body
        assert "6 people · 30 %" in body

    def test_is_told_no_size_of_what_people_say_themselves(self, client, company):
        reds = segment("Reds", {"all": [{"attribute": "motto", "operator": "is", "value": "red"}]})
        target = targeted_page(note("Plan of the week", audience([reds])))
        client.force_login(editor())
        told = self.edit(client, target).split("Who sees what")[1].split("</section>")[0]
        assert "Reds" in told
        assert "people" not in told.replace("personalize-who-sees__people", "")

    def test_is_warned_before_publishing_of_what_the_form_says(self, client, target):
        client.force_login(editor("view_members"))
        answer = self.check(client, target, segment("Law")).json()
        assert answer["problems"] == ["Note “Plan”: Nobody is in this audience today."]
        assert "Law" in answer["html"]
        target.refresh_from_db()
        assert target.body[0].value["text"] == "Plan of the week"

    def test_asks_for_a_live_size_only_when_the_audience_is_new(self, client, target, it, hr, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "LIVE_SIZES": 1}
        client.force_login(editor())
        assert "at least 5" in self.check(client, target, it).json()["html"]
        assert "at least 5" in self.check(client, target, it).json()["html"]
        assert "fewer than 5" in self.check(client, target, hr).json()["html"]
        assert "people" not in self.check(client, target, hr).json()["html"].replace("sees__people", "")

    def test_must_be_able_to_edit_the_page(self, client, target, hr):
        client.force_login(editor())
        sent = self.form(client, target, hr)
        other = page("Elsewhere").get_root().add_child(instance=type(target)(title="Other", slug="other"))
        url = reverse("personalize_targeting:check_page", args=[other.pk])
        assert client.post(url, sent).status_code == 302
        assert client.get(url).status_code == 405

    def test_is_warned_after_publishing_too(self, client, target, hr):
        boss = editor("view_members")
        client.force_login(boss)
        set_page_audience(target, boss, Clause.of([segment("Law")]), None)
        url = reverse("wagtailadmin_pages:edit", args=[target.pk])
        sent = {**self.form(client, target, hr), "action-publish": "1"}
        assert "Nobody is in this audience today" in client.post(url, sent, follow=True).content.decode()

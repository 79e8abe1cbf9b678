"""Previews as the combinations of segments that people really have."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import audience, note, page, person, segment, targeted_page
from tests.targeting.previewing import FOR_ALL, ONLY_SOME, mode, preview, targeted
from tests.targeting.test_admin_audience import editor
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience
from wagtail_personalize.targeting.preview import WithModes

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    someone = get_user_model().objects.create_superuser("boss", "", "x")
    client.force_login(someone)
    return someone


@pytest.fixture
def company():
    """Six people of IT of whom two lead, seven of HR, and nobody who leads there."""
    for number in range(6):
        person(department="IT", level=9 if number < 2 else 1)
    for _each in range(7):
        person(department="HR", level=1)
    leads = {"all": [{"attribute": "level", "operator": "gt", "value": 5}]}
    return {"it": segment("IT"), "hr": segment("HR"), "leads": segment("Leads", leads)}


def labels(obj, user):
    return {group.heading: [label for _name, label in group.modes] for group in WithModes(obj, user=user).mode_groups}


class TestModes:
    def test_are_what_occurs_most_frequent_first_with_its_number(self, boss, company):
        found = labels(targeted(*company.values()), boss)
        assert found["Combinations that occur"] == [
            "As somebody in: HR (7 people)",
            "As somebody in: IT (4 people)",
            "As somebody in: IT + Leads (2 people)",
        ]
        assert found["One segment alone"] == ["As somebody in: Leads"]

    def test_are_rounded_and_never_few_people_without_the_permission(self, company):
        found = labels(targeted(*company.values()), editor())
        assert found["Combinations that occur"] == ["As somebody in: HR (at least 5 people)"]
        assert found["One segment alone"] == ["As somebody in: IT", "As somebody in: Leads"]

    def test_tell_nothing_that_people_say_about_themselves(self, company):
        for _each in range(6):
            person(department="IT", motto="red")
        reds = segment("Reds", {"all": [{"attribute": "motto", "operator": "is", "value": "red"}]})
        found = labels(targeted(company["it"], reds), editor())
        assert found["Combinations that occur"] == ["As somebody in: IT (at least 10 people)"]

    def test_are_only_of_people_who_may_open_the_page(self, boss, company):
        target = targeted(company["it"], company["leads"])
        set_page_audience(target, boss, Clause.of([company["hr"]], [company["it"]]), None)
        assert labels(target, boss)["Combinations that occur"] == ["As somebody in: HR (7 people)"]

    def test_are_capped_and_the_others_found_by_a_search(self, client, boss):
        levels = [segment(f"Level {n:02}", level_rule(n)) for n in range(20)]
        for number in range(20):
            person(level=number)
        target = targeted(*levels)
        assert len(labels(target, boss)["Combinations that occur"]) == 12
        assert (
            "Preview as another combination"
            in client.get(reverse("wagtailadmin_pages:edit", args=[target.pk])).content.decode()
        )
        url = reverse("personalize_targeting:preview_combinations", args=[target.pk])
        (found,) = client.get(url, {"q": "level 17"}).json()["values"]
        assert found == {"value": str(levels[17].pk), "label": "Level 17", "detail": "1 person"}

    def test_are_found_only_for_pages_that_one_may_edit(self, client, company):
        client.force_login(editor())
        other = page("Elsewhere").get_root().add_child(instance=type(page("Here"))(title="Other", slug="other"))
        assert client.get(reverse("personalize_targeting:preview_combinations", args=[other.pk])).status_code == 302

    def test_cost_as_much_for_many_blocks_and_segments(self, boss, company):
        more = [segment(f"Level {number}", level_rule(number)) for number in range(20)]

        def cost(*segments):
            target = targeted_page(*(note("x", audience([each])) for each in segments))
            WithModes(target, user=boss).mode_groups
            with CaptureQueriesContext(connection) as asked:
                WithModes(target, user=boss).mode_groups
            return len(asked)

        assert cost(company["it"]) == cost(*company.values(), *more)


def level_rule(number):
    return {"all": [{"attribute": "level", "operator": "is", "value": number}]}


class TestPreview:
    def test_is_in_all_segments_of_the_combination(self, client, boss, company):
        target = targeted(company["leads"])
        key = f"{company['it'].pk}.{company['leads'].pk}"
        assert ONLY_SOME in preview(client, target, mode("combination", key)).content.decode()

    @pytest.mark.parametrize("key", ["", ".", "x", "1.-2", "9" * 60, ".".join("9" * 5000)])
    def test_of_a_forged_name_shows_what_everyone_sees(self, client, boss, key):
        shown = preview(client, targeted(segment("Law")), mode("combination", f"999999{key}")).content.decode()
        assert FOR_ALL in shown
        assert ONLY_SOME not in shown

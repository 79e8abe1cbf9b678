"""Who joins, who leaves and what it touches, before a segment is published; and the question that comes first."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.builders import person, segment
from tests.segments.editing import editor_with, rule_data, segment_data
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.segments.impact import impact
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rules.broken import BrokenRule
from wagtail_personalize.segments.usage import Usage, _providers, register_usage

pytestmark = pytest.mark.django_db

LEGAL = {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["Legal"]}]}
IT = {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["IT"]}]}
BOTH = {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["IT", "Legal"]}]}
NAMING = {"all": [{"operator": "in_segment", "value": "lawyers"}]}


@pytest.fixture
def editor(client):
    someone = editor_with("change_segment", "publish_segment")
    client.force_login(someone)
    return someone


@pytest.fixture
def in_use():
    def usages(segment):
        yield Usage("Page", "Salary bands", url="/admin/pages/7/")

    yield register_usage(usages)
    _providers.remove(usages)


def people(department, number):
    return [person(department=department, last_name=f"{department} {index}") for index in range(number)]


def publish(client, editor, lawyers, rule, **fields):
    data = segment_data(editor, "Lawyers", rule, **fields)
    return client.post(reverse("personalize_segments:edit", args=[lawyers.pk]), data)


def box(response):
    """The value of the box that has to be ticked."""
    return re.search(r'name="confirmed-impact" value="(\w+)"', response.content.decode()).group(1)


class TestImpact:
    def test_counts_who_joins_and_who_leaves(self):
        lawyer, technicians = people("Legal", 1)[0], people("IT", 2)
        lawyers = segment("Lawyers", LEGAL)

        found = impact(lawyers, IT)

        assert (found.own.joins, found.own.leaves, found.own.members) == (2, 1, 1)
        assert (list(found.joining), list(found.leaving)) == ([p.pk for p in technicians], [lawyer.pk])

    def test_asks_once_for_each_list(self, django_assert_num_queries):
        people("IT", 30)
        found = impact(segment("Lawyers", LEGAL), IT)

        with django_assert_num_queries(2):
            assert (found.own.joins, found.own.leaves) == (30, 0)

    def test_counts_the_lists_of_people(self):
        ada, bob = people("Legal", 1)[0], person("bob")
        lawyers = segment("Lawyers", LEGAL)

        found = impact(lawyers, LEGAL, [str(bob.pk)], [str(ada.pk)])

        assert (list(found.joining), list(found.leaving)) == ([bob.pk], [ada.pk])

    def test_takes_the_stored_lists_unless_told(self):
        bob = person("bob")
        lawyers = segment("Lawyers", LEGAL)
        lawyers.always_include([bob])

        assert not impact(lawyers, IT).own.is_change

    def test_follows_segments_that_name_it(self):
        people("Legal", 1), people("IT", 2)
        lawyers, seniors = segment("Lawyers", LEGAL), segment("Seniors", NAMING)
        segment("Others", {"none": NAMING["all"]})
        segment("Elsewhere", IT)

        found = impact(lawyers, IT)

        shifts = {shift.segment.name: (shift.joins, shift.leaves) for shift in found.others}
        assert shifts == {"Seniors": (2, 1), "Others": (1, 2)}
        assert {usage.title for usage in found.touched} == {"Seniors", "Others"}
        assert seniors.size() == 1

    def test_writes_nothing(self):
        people("Legal", 1), people("IT", 2)
        lawyers = segment("Lawyers", LEGAL)

        assert impact(lawyers, IT).own.joins == 2
        assert (lawyers.size(), Segment.objects.get().rule) == (1, LEGAL)

    def test_has_none_for_a_broken_rule(self):
        with pytest.raises(BrokenRule):
            impact(segment("Lawyers", LEGAL), {"all": []})

    def test_is_large_from_more_than_a_fifth_on(self):
        people("Legal", 10), people("IT", 2)
        lawyers = segment("Lawyers", LEGAL)
        assert not impact(lawyers, BOTH).is_large

        person(department="IT")

        assert impact(lawyers, BOTH).is_large

    def test_is_not_large_where_nobody_is_and_nothing_uses_it(self):
        people("IT", 2)

        assert not impact(segment("Lawyers", LEGAL), IT).is_large


class TestQuestion:
    def test_comes_before_much_changes(self, client, boss, in_use):
        people("Legal", 4), people("IT", 25)
        lawyers = segment("Lawyers", LEGAL)

        asked = publish(client, boss, lawyers, IT)

        page = asked.content.decode()
        for words in ("<strong>+25</strong> people join", "<strong>−4</strong>", "Salary bands", "IT 19", "and 5 more"):
            assert words in page
        assert "IT 20" not in page
        lawyers.refresh_from_db()
        assert (lawyers.rule, lawyers.has_unpublished_changes) == (LEGAL, False)

    def test_names_only_what_is_logged(self, client, boss):
        technicians, jurists = people("IT", 2), people("Legal", 1)
        lawyers = segment("Lawyers", LEGAL)

        publish(client, boss, lawyers, IT)

        assert set(LookAt.objects.get().persons.all()) == {*technicians, *jurists}

    def test_once_answered_the_segment_is_published(self, client, boss):
        people("Legal", 1), people("IT", 2)
        lawyers = segment("Lawyers", LEGAL)
        asked = publish(client, boss, lawyers, IT)

        done = publish(client, boss, lawyers, IT, **{"confirmed-impact": box(asked)})

        assert done.status_code == 302
        lawyers.refresh_from_db()
        assert (lawyers.rule, lawyers.size()) == (IT, 2)

    @pytest.mark.parametrize("answer", ["", "on", "0" * 64])
    def test_takes_no_made_up_answer(self, client, boss, answer):
        people("Legal", 1), people("IT", 2)
        lawyers = segment("Lawyers", LEGAL)

        assert publish(client, boss, lawyers, IT, **{"confirmed-impact": answer}).status_code == 200
        assert Segment.objects.get().rule == LEGAL

    def test_takes_no_answer_to_another_question(self, client, boss):
        people("Legal", 1), people("IT", 2)
        lawyers = segment("Lawyers", LEGAL)
        answer = {"confirmed-impact": box(publish(client, boss, lawyers, IT))}

        other_rule = publish(client, boss, lawyers, {"none": LEGAL["all"]}, **answer)
        person(department="IT")
        other_figures = publish(client, boss, lawyers, IT, **answer)
        colleague = get_user_model().objects.create_superuser("colleague")
        client.force_login(colleague)
        other_editor = publish(client, colleague, lawyers, IT, **answer)

        for response in (other_rule, other_figures, other_editor):
            assert response.status_code == 200
        assert Segment.objects.get().rule == LEGAL

    def test_is_not_asked_when_little_changes(self, client, boss, in_use):
        people("Legal", 10), people("IT", 1)
        lawyers = segment("Lawyers", LEGAL)

        assert publish(client, boss, lawyers, BOTH).status_code == 302

    def test_is_not_asked_about_drafts_or_words(self, client, boss, in_use):
        people("Legal", 1)
        lawyers = segment("Lawyers", LEGAL)

        assert publish(client, boss, lawyers, LEGAL, description="Our own").status_code == 302
        assert publish(client, boss, lawyers, IT, publish=False).status_code == 302

    def test_counts_the_segments_that_name_it(self, client, boss):
        people("Legal", 10), people("IT", 2)
        lawyers = segment("Lawyers", LEGAL)
        segment("Others", {"all": [IT["all"][0], {"none": NAMING["all"]}]})

        page = publish(client, boss, lawyers, BOTH).content.decode()

        assert "Others: +0 / −2" in page

    def test_keeps_what_the_editor_wrote(self, client, boss):
        people("Legal", 1)
        lawyers = segment("Lawyers", LEGAL)

        asked = publish(client, boss, lawyers, IT, description="Moved to IT")

        assert asked.context["form"]["description"].value() == "Moved to IT"
        assert "Nothing was saved yet" in asked.content.decode()


class TestQuestionWithoutViewMembers:
    def test_says_what_it_touches_but_no_figure_and_no_name(self, client, editor, in_use):
        people("Legal", 4), people("IT", 7)
        lawyers = segment("Lawyers", LEGAL)

        page = publish(client, editor, lawyers, IT).content.decode()

        assert "You may not see how many" in page
        assert "Salary bands" in page
        for told in ("+7", "−4", "IT 1", "Legal 1"):
            assert told not in page
        assert not LookAt.objects.exists()

    def test_comes_whether_or_not_anybody_moves(self, client, editor):
        lawyers = segment("Lawyers", LEGAL)

        asked = publish(client, editor, lawyers, IT)
        done = publish(client, editor, lawyers, IT, **{"confirmed-impact": box(asked)})

        assert (asked.status_code, done.status_code) == (200, 302)


class TestLivePanel:
    def ask(self, client, someone, lawyers):
        url = reverse("personalize_segments:live") + f"?segment={lawyers.pk}"
        return client.post(url, rule_data(someone, IT)).content.decode()

    def test_says_what_would_change_against_now(self, client, boss):
        people("Legal", 1), people("IT", 2)

        assert "+2 / −1 against now" in self.ask(client, boss, segment("Lawyers", LEGAL))

    def test_says_it_only_to_those_who_may_see_members(self, client, editor):
        people("IT", 2)

        assert "against now" not in self.ask(client, editor, segment("Lawyers", LEGAL))

"""Placeholders: the reader's own values, escaped, for nobody else; fallbacks wherever there is no reader."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.template import Context, Template
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.search.backends import get_search_backend

from tests.builders import block, person, user
from tests.intranet.models import Office, Skill
from tests.portal.models import PortalPage
from wagtail_personalize.segments.context import viewing_as
from wagtail_personalize.segments.models import ExamplePerson
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.content.blocks import PersonalCharBlock, PersonalRichTextBlock, PersonalTextBlock
from wagtail_personalize.targeting.content.example_values import show_as
from wagtail_personalize.targeting.content.placeholders import fill_html, fill_text, refuse_unknown

from .builders import client_of, html, portal, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    Office.objects.create(code="lon", city="London")
    boss = person(first_name="Grace", last_name="Hopper")
    hired = timezone.localdate() - timedelta(days=12)
    return person(
        first_name="Ada", last_name="Ek", department="IT", office="lon", hired=hired, manager=boss.staff, skills=["SQL"]
    )


def filled(text, viewer):
    with viewing_as(viewer):
        return Template("{% load personalize_tags %}{{ text|personalized }}").render(Context({"text": text}))


class TestValues:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("Hello {first_name|colleague}!", "Hello Ada!"),
            ("{name}", "Ada Ek"),
            ("{city|your town} {office}", "London London"),
            ("{manager|your manager}", "Grace Hopper"),
            ("{days_since_hired|some} days", "12 days"),
            ("{skills|none}", "SQL"),
            ("{motto|be brave}", "be brave"),
            ("{motto}", ""),
            ("{unknown|still readable}", "still readable"),
            ("{ first_name } { } {} {A} {1}", "{ first_name } { } {} {A} {1}"),
        ],
    )
    def test_are_the_readers_own(self, ada, text, told):
        assert filled(text, Viewer.for_person(ada)) == told

    def test_are_fallbacks_for_whoever_is_not_known(self):
        for viewer in (Viewer.anonymous(), Viewer.in_segments([]), Viewer.for_person(user())):
            assert filled("Hello {first_name|colleague} of {department|ours}", viewer) == "Hello colleague of ours"

    def test_are_never_markup(self):
        someone = person(first_name="<script>alert(1)</script>", motto='"><img src=x onerror=1>')
        told = filled("{first_name} {motto}", Viewer.for_person(someone))
        assert "<" not in told
        assert '"' not in told

    def test_are_not_filled_twice(self):
        someone = person(first_name="{motto}", motto="secret")
        assert filled("{first_name}", Viewer.for_person(someone)) == "{motto}"

    def test_of_a_day_to_come_are_the_fallback(self):
        someone = person(hired=date(2999, 1, 1))
        assert filled("{days_since_hired|soon}", Viewer.for_person(someone)) == "soon"

    def test_that_colleagues_may_not_see_stay_hidden_in_a_preview(self):
        someone = person(first_name="Ada", department="IT", birthday=date(2000, 5, 1))
        told = filled("{first_name} {birthday|hidden}", Viewer.for_person(someone, is_preview=True))
        assert told == "Ada hidden"

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("Hello {first_name|colleague} {last_name}!", "Hello Nina van den Berg!"),
            ("{name}", "Nina van den Berg"),
            ("{department} {office} {city|your town}", "IT London London"),
            ("{days_since_hired|some} days", "12 days"),
            ("{skills|none}", "Python, SQL"),
            ("{level|no} {remote|?}", "3 Yes"),
            ("{motto|be brave} {manager|your manager} {unknown|y}", "be brave your manager y"),
        ],
    )
    def test_of_an_invented_person_are_those_she_was_given(self, text, told):
        Office.objects.create(code="lon", city="London")
        for skill in ("SQL", "Python"):
            Skill.objects.create(name=skill)
        hired = timezone.localdate() - timedelta(days=12)
        values = {"department": "IT", "office": "lon", "hired": hired.isoformat(), "skills": ["SQL", "Python"]}
        example = ExamplePerson(name="Nina van den Berg", values={**values, "level": 3, "remote": True})
        assert filled(text, show_as(Viewer.in_segments([]), example)) == told

    def test_mark_the_answer_as_personal_also_for_a_visitor(self):
        for viewer in (Viewer.anonymous(), Viewer.for_person(user())):
            filled("No placeholder", viewer)
            assert not viewer.personalised
            filled("{first_name}", viewer)
            assert viewer.personalised

    def test_cost_one_query_however_many_there_are(self, ada):
        text = "{first_name} {department} {city} {manager} {days_since_hired} {level} {office} {unit} {name}" * 20
        viewer = Viewer.for_person(type(ada).objects.get(pk=ada.pk))
        with CaptureQueriesContext(connection) as captured:
            filled(text, viewer)
        assert len(captured) == 1

    def test_come_from_nothing_without_a_declaration(self):
        with override_settings(WAGTAIL_PERSONALIZE={}):
            assert filled("{department|x} {name}", Viewer.for_person(user(first_name="Ada"))) == "x Ada"


class TestHtml:
    def test_is_filled_in_its_text_only(self):
        html = '<p title="{name}">{name|x}</p><a href="/?n={name}">{name}</a>'
        assert fill_html(html, lambda name: "A&B") == ('<p title="{name}">A&amp;B</p><a href="/?n={name}">A&amp;B</a>')

    @given(st.text(alphabet="{}|<>ab_\"'= ", max_size=60), st.text(max_size=8))
    def test_gets_no_markup_from_a_value(self, text, value):
        tags = fill_html(text, lambda name: "").count("<")
        assert fill_html(text, lambda name: value).count("<") == tags

    @given(st.text(alphabet="{}|ab_ ", max_size=60))
    def test_without_values_is_as_the_text_without(self, text):
        assert fill_html(text, lambda name: "") == fill_text(text, lambda name: "")

    def test_of_many_braces_takes_no_time(self):
        fill_html("{a|" * 50_000 + "<" * 50_000, lambda name: "x")


class TestEditor:
    def test_is_told_which_placeholder_does_not_exist(self):
        with pytest.raises(ValidationError, match=r"\{firstname\}.*\{first_name\}"):
            refuse_unknown("Hello {firstname|you} and {first_name}")

    def test_may_use_what_is_declared(self):
        refuse_unknown("{first_name} {name|x} {manager} {department} {days_since_hired} {a b} {not a placeholder}")

    @pytest.mark.parametrize("name", ["days_since_birthday", "days_since_department", "password", "user__password"])
    def test_may_use_nothing_else(self, name):
        with pytest.raises(ValidationError):
            refuse_unknown(f"{{{name}}}")

    @pytest.mark.parametrize("kind", [PersonalCharBlock, PersonalTextBlock, PersonalRichTextBlock])
    def test_is_refused_by_the_blocks(self, kind):
        new = kind()
        assert new.get_prep_value(new.clean(new.to_python("Hello {first_name|you}"))) == "Hello {first_name|you}"
        with pytest.raises(ValidationError, match="no placeholder"):
            new.clean(new.to_python("Hello {firstname}"))

    def test_finds_what_they_wrote(self, ada):
        new = portal(block("line", "Hello {first_name|you}"), block("rich", "<p>{city|here}</p>"))
        assert new.body.get_prep_value()[0]["value"] == "Hello {first_name|you}"
        assert str(new.body[0].value) == "Hello {first_name|you}"
        assert new.body[1].value.source == "<p>{city|here}</p>"


class TestPage:
    BODY = (
        block("line", "Line for {first_name|colleague}"),
        block("text", "Text for {first_name|colleague}"),
        block("rich", "<p>Rich for <b>{first_name|colleague}</b></p>"),
        block("card", {"title": "Card for {first_name|colleague} & co"}),
    )

    def test_shows_the_reader_their_own(self, ada):
        url = portal(*self.BODY, intro="<p>Intro for {first_name|colleague}</p>").url
        told = html(url, ada)
        for place in ("Intro for Ada", "Line for Ada", "Text for Ada", "Rich for <b>Ada", "Card for Ada &amp; co"):
            assert place in told
        assert "{" not in told
        assert "Line for colleague" in html(url)

    def test_shows_nobody_anybody_elses(self, ada):
        url = portal(*self.BODY).url
        html(url, ada)
        assert "Ada" not in html(url, person(first_name="Bea"))
        assert "Ada" not in html(url)

    def test_is_kept_by_no_shared_cache(self, ada):
        url = portal(*self.BODY).url
        for someone in (ada, None):
            answer = client_of(someone).get(url)
            assert "private" in answer["Cache-Control"]
            assert "Cookie" in answer["Vary"]

    def test_costs_one_query(self, ada):
        plain = queries(client_of(ada), portal(block("text", "Plain")).url)
        assert queries(client_of(ada), portal(*self.BODY * 5).url) == plain + 1

    @pytest.mark.django_db(transaction=True)  # MariaDB finds only what is committed
    def test_is_found_by_its_fallback_and_never_by_a_value(self, ada):
        portal(*self.BODY)
        assert len(get_search_backend().search("colleague", PortalPage.objects.all())) == 1
        for word in ("Ada", "first_name"):
            assert len(get_search_backend().search(word, PortalPage.objects.all())) == 0

    @pytest.mark.urls("tests.targeting.api_urls")
    def test_gives_the_api_the_fallback(self, ada):
        new = portal(*self.BODY)
        told = str(client_of(ada).get(f"/api/v2/pages/{new.pk}/").json()["body"])
        assert "Line for colleague" in told
        assert "Rich for <b>colleague" in told
        assert "Ada" not in told
        assert "first_name" not in told

    @pytest.mark.urls("tests.content.feed_urls")
    def test_gives_a_feed_the_fallback(self, ada):
        portal(*self.BODY)
        told = client_of(ada).get("/feed/").content.decode()
        assert "Line for colleague" in told
        assert "Ada" not in told

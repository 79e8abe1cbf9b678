"""The weekly report, and that no administrator finds out who read what."""

from contextlib import suppress
from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.builders import page, person, user
from tests.permissions import allowed
from wagtail_personalize.engagement.counting.happened import Counted, Happened
from wagtail_personalize.engagement.counting.storing import store
from wagtail_personalize.engagement.kinds import Kind
from wagtail_personalize.engagement.reports.registry import offered
from wagtail_personalize.engagement.upkeep import event
from wagtail_personalize.streams.notifications.models import Notice, Notification

from .figures import TODAY, figures, reporting

pytestmark = pytest.mark.django_db

WEEKLY = "/admin/reports/engagement/weekly/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(TODAY):
        yield


@pytest.fixture
def editor(client):
    someone = allowed(user("editor"), "view_figures")
    client.force_login(someone)
    reporting()
    figures(audience=400, viewers=200, participants=50)
    return someone


@pytest.fixture
def send(django_capture_on_commit_callbacks, capsys):
    def run():
        with django_capture_on_commit_callbacks(execute=True):
            call_command("send_engagement_report")
        return capsys.readouterr().out

    return run


class TestWeeklyReport:
    def test_reaches_who_asked_for_it(self, client, editor, send):
        user(is_superuser=True)
        client.post(WEEKLY)
        assert send() == "Told: Week from 4 May to 10 May 2026.\n"
        assert Notification.objects.get().person == editor
        assert "Active people: 200" in Notice.objects.get().text

    def test_is_told_once(self, client, editor, send):
        client.post(WEEKLY)
        assert [send().startswith("Told"), send().startswith("Told")] == [True, False]
        assert Notification.objects.count() == 1

    def test_reaches_nobody_who_may_not_look_any_more(self, client, editor, send):
        client.post(WEEKLY)
        editor.user_permissions.remove(Permission.objects.get(codename="view_figures"))
        send()
        assert not Notification.objects.exists()

    def test_is_ended_by_a_button(self, client, editor, send):
        client.post(WEEKLY)
        client.post(WEEKLY, {"end": "1"})
        send()
        assert not Notification.objects.exists()

    def test_is_not_asked_for_by_a_link(self, client, editor):
        assert client.get(WEEKLY).status_code == 405

    def test_waits_for_the_end_of_the_week(self, editor, send):
        with time_machine.travel("2026-05-12 12:00"):
            assert send() == "There is no week that was not told yet.\n"


class TestAdministrator:
    """Even who may see everything finds no person beside a page that this person read."""

    @pytest.mark.once
    def test_finds_out_about_no_reader(self, client, editor):
        reader = person("zaphod", first_name="Zaphod", last_name="Beeblebrox", department="Vogons")
        read = page("Vogon poetry")
        store([Happened(reader.pk, Counted.page(read.translation_key), Kind.VIEW)])
        figures(read, viewers=20, audience=400)
        client.force_login(user("root", is_superuser=True))
        asked = 0
        for url in addresses():
            for query in ({}, {"export": "csv"}):
                answer = client.get(url, query)
                if answer.status_code == 200:
                    asked += 1
                    said = b"".join(answer) if answer.streaming else answer.content
                    assert not (b"Vogon poetry" in said and (b"Zaphod" in said or b"zaphod" in said)), url
        assert asked > 100


def addresses():
    """Every address of the admin that needs no argument, and each report."""
    names = [name for name in get_resolver().reverse_dict if isinstance(name, str)]
    for namespace, (_prefix, resolver) in get_resolver().namespace_dict.items():
        names += [f"{namespace}:{name}" for name in resolver.reverse_dict if isinstance(name, str)]
    for name in sorted(names):
        with suppress(NoReverseMatch):
            url = reverse(name)
            if url.startswith("/admin/") and not any(
                word in url for word in ("logout", "sprite", "jsi18n", "localize", "failwhale")
            ):
                yield url
    yield from (f"/admin/reports/engagement/{report.name}/" for report in offered())


class TestReview:
    def test_is_asked_of_whoever_looks_after_the_page(self, monkeypatch, django_capture_on_commit_callbacks, capsys):
        owner = user("owner", is_superuser=True)
        late = page("Old rules")
        late.content_owner_id, late.review_date = owner.pk, date(2026, 5, 1)
        monkeypatch.setattr(event, "upkept_models", lambda: [type(late)])
        monkeypatch.setattr(event, "overdue", lambda model: Late([late]))
        for _twice in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                call_command("remind_reviews")
        assert capsys.readouterr().out.splitlines() == [
            "1 pages have to be looked at again.",
            "0 pages have to be looked at again.",
        ]
        assert Notification.objects.get().person == owner


class Late(list):
    """The overdue pages, as a queryset would give them: the test site has no page model with the mixin."""

    def exclude(self, **_kwargs):
        return self

    filter = exclude

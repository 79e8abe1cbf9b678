"""Our own pages of the admin that name other pages: where a segment is used, and where an audience comes from."""

from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import PageViewRestriction

from tests.builders import audience, note, page, person, segment, targeted_page
from tests.streams.subscribing import rule
from tests.targeting.restricting import restrict

from .editors import working_on
from .restrictions import TITLE
from .viewers import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]
HIDDEN = "Something that you may not see"


@pytest.fixture
def finance():
    return segment("Finance")


@pytest.fixture
def secret(finance):
    found = page(TITLE)
    restrict(found, finance)
    return found


def manager(**profile):
    """Somebody who looks after segments and edits a section elsewhere."""
    someone = working_on(person(**profile), page(f"Section besides {profile['department']}"))
    someone.user_permissions.add(*Permission.objects.filter(content_type__app_label="personalize_segments"))
    someone.user_permissions.add(Permission.objects.get(codename="change_subscriptionrule"))
    return client_of(someone)


def told(client, view, *arguments):
    return client.get(reverse(view, args=arguments)).content.decode()


class TestWhereASegmentIsUsed:
    @pytest.mark.parametrize("view", ["inspect", "delete"])
    def test_names_a_page_to_those_who_may_see_or_work_on_it(self, secret, finance, view, admin_client):
        outside = told(manager(department="HR"), f"personalize_segments:{view}", finance.pk)
        assert HIDDEN in outside
        assert TITLE not in outside
        assert f"/pages/{secret.pk}/" not in outside
        assert TITLE in told(admin_client, f"personalize_segments:{view}", finance.pk)

    def test_names_a_page_to_its_readers(self, secret, finance):
        assert TITLE in told(manager(department="Finance"), "personalize_segments:inspect", finance.pk)

    def test_names_no_hidden_page_for_one_of_its_blocks(self, finance):
        targeted = targeted_page(note("x", audience([finance])), title=TITLE)
        restrict(targeted, segment("IT"))
        assert TITLE not in told(manager(department="HR"), "personalize_segments:inspect", finance.pk)

    def test_names_everything_to_whoever_works_at_the_command_line(self, secret, tmp_path):
        empty = tmp_path / "segments.json"
        empty.write_text('{"version": 1, "segments": []}')
        with pytest.raises(CommandError) as refused:
            call_command("load_segments", str(empty), "--delete", stdout=StringIO())
        assert TITLE in str(refused.value)


class TestWhatASegmentSubscribesTo:
    """The list of all rules, the rules of a segment, where it is used, and its history."""

    WAYS = "list", "segment_rules", "inspect", "delete", "history"

    @pytest.fixture
    def ask(self, finance):
        """``ask(client)``: by way, what is read there."""
        rules = reverse("personalize_streams:segment_rules", args=[finance.pk])
        about = {
            way: reverse(f"personalize_segments:{way}", args=[finance.pk]) for way in ("inspect", "delete", "history")
        }
        ways = {"list": "/admin/personalize/auto-subscription-rules/", "segment_rules": rules, **about}
        return lambda client: {way: client.get(address).content.decode() for way, address in ways.items()}

    def test_names_a_page_to_those_who_may_see_or_work_on_it(self, secret, finance, ask, admin_client):
        rule(finance, secret)
        for way, read in ask(manager(department="HR")).items():
            assert TITLE not in read, way
            assert "a page" in read, way
        for client in (manager(department="Finance"), admin_client):
            assert {way for way, read in ask(client).items() if TITLE in read} == set(self.WAYS)

    def test_names_no_draft_of_another_section(self, finance, ask, admin_client):
        draft = page(TITLE)
        rule(finance, draft)
        draft.unpublish()
        assert not any(TITLE in read for read in ask(manager(department="HR")).values())
        assert all(TITLE in read for read in ask(admin_client).values())

    def test_names_no_page_behind_a_password(self, finance, ask):
        closed = page(TITLE)
        rule(finance, closed)
        PageViewRestriction.objects.create(page=closed, restriction_type="password", password="x")
        assert not any(TITLE in read for read in ask(manager(department="HR")).values())


class TestWhereAnAudienceComesFrom:
    @pytest.mark.parametrize("view", ["personalize_targeting:page_audience", "wagtailadmin_pages:edit"])
    def test_names_no_page_above_that_one_may_not_see(self, secret, view, admin_client):
        below = page("Below", parent=secret, slug="below")
        editor = client_of(working_on(person(department="HR"), below))
        seen = told(editor, view, below.pk)
        assert HIDDEN in seen
        assert f">{TITLE}<" not in seen
        assert f">{TITLE}<" in told(admin_client, view, below.pk)

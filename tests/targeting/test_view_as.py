"""The live site as somebody else sees it: begun and ended by an editor, never a login, never more than is theirs."""

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.urls import reverse

from tests.builders import audience, home, note, page, person, segment, targeted_page, user
from tests.intranet.models import OtherPage, TargetedPage
from tests.segments.test_personas import persona
from tests.targeting.test_admin_audience import editor
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience
from wagtail_personalize.targeting.view_as import COOKIE, MIDDLEWARE, SESSION_KEY

pytestmark = pytest.mark.django_db

BANNER = "You see the site as:"


@pytest.fixture
def it():
    return segment("IT")


@pytest.fixture
def boss(client):
    someone = editor("restrict_pages", "view_members")
    client.force_login(someone)
    return someone


@pytest.fixture
def news(it):
    return targeted_page(note("Only for some", audience([it])), note("For all"), title="News")


def begin(client, target, whom):
    return client.post(reverse("personalize_targeting:view_as", args=[target.pk]), {"whom": whom})


def end(client, where="/"):
    return client.post(reverse("personalize_targeting:view_as_end"), {"next": where})


def seen(client, target):
    return client.get(target.url).content.decode()


class TestBeginning:
    def test_is_offered_with_the_combinations_personas_and_visitors(self, client, boss, it, news):
        person(department="IT")
        nina = persona("New joiner", ("Nina", {})).examples.get()
        body = client.get(reverse("personalize_targeting:view_as", args=[news.pk])).content.decode()
        assert "As somebody in: IT (1 person)" in body
        for whom in ("everyone", "anonymous", f"segment:{it.uuid}", f"example:{nina.pk}"):
            assert f'value="{whom}"' in body
        assert "Name of a colleague" not in body

    def test_shows_the_page_as_they_see_it_with_a_banner(self, client, boss, it, news):
        assert "Only for some" not in seen(client, news)
        answer = begin(client, news, f"segment:{it.uuid}")
        assert answer.url == news.url
        body = seen(client, news)
        assert "Only for some" in body
        assert f"{BANNER} IT" in body
        assert body.index("<body") < body.index("personalize-view-as") < body.index("Only for some")

    def test_signs_nobody_in(self, client, boss, news):
        colleague = person("ann", department="IT")
        boss.groups.get().permissions.add(*_permission("preview_as_person"))
        begin(client, news, f"person:{colleague.pk}")
        assert "Only for some" in seen(client, news)
        assert client.session["_auth_user_id"] == str(boss.pk)

    def test_changes_nothing_by_get(self, client, boss, it, news):
        client.get(reverse("personalize_targeting:view_as", args=[news.pk]), {"whom": f"segment:{it.uuid}"})
        assert SESSION_KEY not in client.session
        assert client.get(reverse("personalize_targeting:view_as_end")).status_code == 405

    @pytest.mark.parametrize("whom", ["", "x", "segment:x", "combination:", "person", "persona:999999"])
    def test_of_nobody_shows_what_everyone_sees(self, client, boss, news, whom):
        begin(client, news, whom)
        assert "Only for some" not in seen(client, news)


class TestEnding:
    def test_takes_one_click_and_leads_back(self, client, boss, it, news):
        begin(client, news, f"segment:{it.uuid}")
        body = seen(client, news)
        assert reverse("personalize_targeting:view_as_end") in body
        assert end(client, news.url).url == news.url
        assert BANNER not in seen(client, news)
        assert "Only for some" not in seen(client, news)

    def test_leads_nowhere_else(self, client, boss, news):
        assert end(client, "https://example.org/").url == "/"

    def test_comes_by_itself_after_an_hour(self, client, boss, it, news):
        import time_machine as machine

        with machine.travel("2027-01-04T08:00:00Z", tick=False):
            client.force_login(boss)
            begin(client, news, f"segment:{it.uuid}")
            assert BANNER in seen(client, news)
        with machine.travel("2027-01-04T09:00:01Z", tick=False):
            client.cookies[COOKIE] = "1"
            assert BANNER not in seen(client, news)

    def test_comes_with_a_lost_right(self, client, boss, it, news):
        begin(client, news, f"segment:{it.uuid}")
        boss.groups.clear()
        assert BANNER not in seen(client, news)
        assert "Only for some" not in seen(client, news)

    def test_comes_with_another_person_in_the_session(self, client, boss, it, news):
        begin(client, news, f"segment:{it.uuid}")
        signed = client.session[SESSION_KEY]
        client.force_login(editor())
        session = client.session
        session[SESSION_KEY] = signed
        session.save()
        client.cookies[COOKIE] = "1"
        assert BANNER not in seen(client, news)


class TestRights:
    def test_only_editors_begin(self, client, it, news):
        client.force_login(person("ann"))
        assert begin(client, news, f"segment:{it.uuid}").status_code == 302
        assert SESSION_KEY not in client.session

    def test_a_colleague_needs_the_permission_and_is_logged(self, client, boss, news):
        colleague = person("ann", department="IT", first_name="Ann")
        begin(client, news, f"person:{colleague.pk}")
        assert SESSION_KEY not in client.session
        boss.groups.get().permissions.add(*_permission("preview_as_person"))
        body = client.get(reverse("personalize_targeting:view_as", args=[news.pk]), {"q": "ann"}).content.decode()
        assert f'value="person:{colleague.pk}"' in body
        begin(client, news, f"person:{colleague.pk}")
        seen(client, news)
        seen(client, news)
        (look,) = LookAt.objects.filter(kind=LookAt.Kind.PREVIEW, actor=boss)
        assert list(look.persons.all()) == [colleague]
        boss.groups.get().permissions.remove(*_permission("preview_as_person"))
        assert BANNER not in seen(client, news)

    def test_pages_that_are_closed_to_the_editor_stay_closed(self, client, boss, it, news):
        board = home().get_parent().add_child(instance=OtherPage(title="Board", slug="board"))
        child = page("Minutes", parent=news, model=OtherPage)
        admin = get_user_model().objects.create_superuser("root")
        set_page_audience(board, admin, Clause.of([it]), None)
        set_page_audience(child, admin, Clause.of([it]), None)
        begin(client, news, f"segment:{it.uuid}")
        assert client.get(child.url).status_code == 200
        from wagtail_personalize.targeting.visibility import visible

        request = client.get(news.url).wsgi_request
        found = visible(OtherPage.objects.all(), request.viewer)
        assert set(found) == {child}

    def test_on_a_page_of_others_the_editor_is_themselves_and_is_told(self, client, it, news):
        someone = user()
        own = page("Own section", model=TargetedPage)
        from django.contrib.auth.models import Group
        from wagtail.models import GroupPagePermission

        group = Group.objects.create(name="local")
        group.permissions.add(*_permission("access_admin"))
        for permission in _permission("change_page", "wagtailcore"):
            GroupPagePermission.objects.create(group=group, page=own, permission=permission)
        someone.groups.add(group)
        client.force_login(someone)
        begin(client, own, f"segment:{it.uuid}")
        assert BANNER in seen(client, own)
        body = seen(client, news)
        assert "You see this page as yourself" in body
        assert "Only for some" not in body
        assert client.get(reverse("personalize_targeting:view_as", args=[news.pk])).status_code == 404

    def test_leaves_the_admin_alone(self, client, boss, it, news):
        begin(client, news, f"segment:{it.uuid}")
        assert BANNER not in client.get(reverse("wagtailadmin_explore_root"), follow=True).content.decode()


class TestAnswers:
    def test_are_kept_by_no_cache(self, client, boss, it, news):
        begin(client, news, f"segment:{it.uuid}")
        answer = client.get(news.url)
        assert {"no-store", "private"} <= {part.strip() for part in answer["Cache-Control"].split(",")}
        assert not answer.has_header("ETag")
        assert "Cookie" in answer["Vary"]

    def test_cost_nothing_for_whoever_does_not_use_it(self, client, boss, news, django_assert_num_queries):
        client.get(news.url)
        with django_assert_num_queries(0):
            from django.test import RequestFactory

            from wagtail_personalize.targeting.view_as import chosen_viewer

            assert chosen_viewer(RequestFactory().get("/")) is None

    def test_that_are_no_html_stay_as_they_are(self, client, boss, it, news):
        begin(client, news, f"segment:{it.uuid}")
        assert b"personalize-view-as" not in client.get(reverse("wagtail_personalize:recorded_file")).content


class TestCheck:
    def test_wants_the_middleware_right_behind_the_viewers(self, settings):
        assert not [e for e in run_checks() if e.id == "personalize_targeting.W021"]
        settings.MIDDLEWARE = [*(each for each in settings.MIDDLEWARE if each != MIDDLEWARE), MIDDLEWARE]
        assert [e for e in run_checks() if e.id == "personalize_targeting.W021"]


def _permission(codename, app=None):
    from django.contrib.auth.models import Permission

    found = Permission.objects.filter(codename=codename)
    return found.filter(content_type__app_label=app) if app else found

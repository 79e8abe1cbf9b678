"""Previews as a named colleague: with the permission only, logged, and never more than the editor may see."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page
from wagtail.rich_text import expand_db_html

from tests.builders import home, page, person, segment, user
from tests.intranet.models import OtherPage, Staff
from tests.targeting.previewing import FOR_ALL, ONLY_SOME, mode, preview, targeted
from wagtail_personalize import hookspecs
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.segments.models import Membership
from wagtail_personalize.segments.viewer import Viewer, viewer_for
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience
from wagtail_personalize.targeting.visibility import can_see, visible

pytestmark = pytest.mark.django_db


def editor(*permissions, of=None, name=None):
    """Somebody who may edit the page ``of`` (default: all) and has these permissions."""
    someone = user(name)
    someone.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *permissions]))
    group = Group.objects.create(name=f"Editors of {someone.pk}")
    group.user_set.add(someone)
    for codename in ("change_page", "publish_page", "add_page"):
        permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=of or home(), permission=permission)
    return someone


@pytest.fixture
def ann():
    return person("ann", department="IT", first_name="Ann", last_name="Ancona")


@pytest.fixture
def it(ann):
    return segment("IT")


@pytest.fixture
def allowed(client):
    someone = editor("preview_as_person", name="allowed")
    client.force_login(someone)
    return someone


class TestPreview:
    def test_shows_what_the_colleague_sees(self, client, allowed, it, ann):
        bob, target = person("bob", department="HR"), targeted(it)
        assert ONLY_SOME in preview(client, target, mode("person", ann.pk)).content.decode()
        assert ONLY_SOME not in preview(client, target, mode("person", bob.pk)).content.decode()

    def test_is_refused_without_the_permission(self, client, it, ann):
        client.force_login(editor())
        refused = preview(client, targeted(it), mode("person", ann.pk))
        assert refused.status_code == 403
        assert "You may not preview pages as a colleague" in refused.content.decode()
        assert FOR_ALL not in refused.content.decode()
        assert not LookAt.objects.exists()

    @pytest.mark.parametrize("key", ["", "0", "-1", "nobody", "9" * 40, "1 OR 1=1", "1:2", "\0"])
    def test_as_nobody_is_refused(self, client, allowed, it, key):
        refused = preview(client, targeted(it), mode("person", key))
        assert refused.status_code == 403
        assert not LookAt.objects.exists()

    def test_as_somebody_who_left_is_refused(self, client, allowed, it):
        gone = person("gone", department="IT", active=False)
        refused = preview(client, targeted(it), mode("person", gone.pk))
        assert refused.status_code == 403
        assert "no longer here" in refused.content.decode()
        assert not LookAt.objects.exists()

    def test_as_a_user_without_profile_is_refused(self, client, allowed, it):
        assert preview(client, targeted(it), mode("person", user().pk)).status_code == 403

    def test_is_refused_the_moment_the_permission_is_gone(self, client, allowed, it, ann):
        target = targeted(it)
        assert preview(client, target, mode("person", ann.pk)).status_code == 200
        allowed.user_permissions.remove(Permission.objects.get(codename="preview_as_person"))
        assert preview(client, target, mode("person", ann.pk)).status_code == 403

    def test_of_a_revision_and_of_a_draft_ask_for_the_same(self, client, it, ann):
        client.force_login(editor())
        target = targeted(it)
        wanted = {"mode": mode("person", ann.pk)}
        draft = reverse("wagtailadmin_pages:view_draft", args=[target.pk])
        revision = reverse("wagtailadmin_pages:revisions_view", args=[target.pk, target.latest_revision_id])
        assert client.get(draft, wanted).status_code == 403
        assert client.get(revision, wanted).status_code == 403

    def test_stores_and_counts_nothing_for_the_colleague(self, client, allowed, it, ann, monkeypatch):
        heard = []
        hookspecs.recorded.connect(hear := lambda **said: heard.append(said), weak=True)
        before = (ann.last_login, Membership.objects.count())

        def serve_preview(self, request, mode_name):
            hookspecs.record("view", self, viewer_for(request))
            return HttpResponse("seen")

        monkeypatch.setattr(OtherPage, "serve_preview", serve_preview)
        target = page("Other", model=OtherPage)
        target.save_revision()
        draft = reverse("wagtailadmin_pages:view_draft", args=[target.pk])
        assert client.get(draft, {"mode": mode("person", ann.pk)}).content == b"seen"
        ann.refresh_from_db()
        assert (ann.last_login, Membership.objects.count()) == before
        assert heard == []
        hookspecs.recorded.disconnect(hear)


class TestLog:
    def test_names_who_looked_at_what_as_whom(self, client, allowed, it, ann):
        preview(client, targeted(it), mode("person", ann.pk))
        look = LookAt.objects.get()
        assert (look.actor, list(look.persons.all())) == (allowed, [ann])
        assert look.subject == "Preview of “News” as this person"

    def test_is_told_to_the_colleague_on_their_own_page(self, client, allowed, it, ann):
        preview(client, targeted(it), mode("person", ann.pk))
        client.force_login(ann)
        told = client.get(reverse("wagtail_personalize:recorded")).content.decode()
        looks = told[told.index('id="wp-looks"') :].split("</section>")[0]
        assert "A preview of a page" in looks
        assert f"Editors of {allowed.pk}" in looks
        assert "“News”" not in looks

    def test_has_one_entry_while_the_preview_goes_on(self, client, allowed, it, ann):
        target = targeted(it)
        for _again in range(3):
            preview(client, target, mode("person", ann.pk))
        assert LookAt.objects.count() == 1
        LookAt.objects.update(at=timezone.now() - timedelta(hours=2))
        preview(client, target, mode("person", ann.pk))
        assert LookAt.objects.count() == 2

    def test_has_an_entry_for_each_colleague_page_and_editor(self, client, allowed, it, ann):
        bob, target = person("bob"), targeted(it)
        other = page("Other", model=OtherPage)
        other.save_revision()
        preview(client, target, mode("person", ann.pk))
        preview(client, target, mode("person", bob.pk))
        client.get(reverse("wagtailadmin_pages:view_draft", args=[other.pk]), {"mode": mode("person", ann.pk)})
        client.force_login(editor("preview_as_person"))
        preview(client, target, mode("person", ann.pk))
        assert LookAt.objects.count() == 4

    def test_does_not_follow_a_title_that_is_being_typed(self, client, allowed, it, ann):
        target = targeted(it)
        preview(client, target, mode("person", ann.pk))
        target.title = "Newspaper"
        preview(client, target, mode("person", ann.pk))
        assert LookAt.objects.count() == 1


class TestPanel:
    def body(self, client, target):
        return client.get(reverse("wagtailadmin_pages:edit", args=[target.pk])).content.decode()

    def test_offers_colleagues_to_those_with_the_permission(self, client, allowed, it):
        body = self.body(client, targeted(it))
        assert "personalize-preview-person" in body
        assert "preview-person.js" in body
        assert reverse("personalize_targeting:preview_people") in body

    def test_does_not_offer_them_to_others(self, client, it):
        client.force_login(editor())
        assert 'data-controller="personalize-preview-person"' not in self.body(client, targeted(it))


class TestPeople:
    def ask(self, client, q):
        return client.get(reverse("personalize_targeting:preview_people"), {"q": q})

    def test_are_found_by_name_if_they_are_still_here(self, client, allowed, ann):
        person("gone", last_name="Ancona", active=False)
        assert self.ask(client, "ancóna").json() == {"values": [{"value": str(ann.pk), "label": "Ann Ancona"}]}

    @pytest.mark.parametrize("q", ["", " ", "a", " a ", "\0a"])
    def test_are_not_listed_before_a_name_is_begun(self, client, allowed, ann, q):
        assert self.ask(client, q).json() == {"values": []}
        assert not LookAt.objects.exists()

    def test_are_looked_at_which_is_logged(self, client, allowed, ann):
        person("bob", last_name="Brown")
        self.ask(client, "an")
        look = LookAt.objects.get()
        assert (look.actor, look.kind, list(look.persons.all())) == (allowed, "search", [ann])

    def test_are_for_those_with_the_permission(self, client, ann):
        client.force_login(editor())
        assert self.ask(client, "").status_code in (302, 403)

    def test_cost_as_much_for_many(self, client, allowed, django_assert_max_num_queries):
        for _number in range(10):
            person(first_name="Same")
        self.ask(client, "same")
        with django_assert_max_num_queries(13):
            assert len(self.ask(client, "same").json()["values"]) == 10


class TestRightsOfTheEditor:
    """In a preview as somebody who may see more, restricted pages stay hidden from an editor who may not."""

    @pytest.fixture
    def section(self, it):
        return page("Open section")

    @pytest.fixture
    def secret(self, it):
        secret = page("Secret", model=OtherPage)
        set_page_audience(secret, user(is_superuser=True), Clause.of([it]), None)
        return secret

    def seen(self, client, target, monkeypatch, whom):
        def serve_preview(self, request, mode_name):
            viewer = viewer_for(request)
            titles = visible(Page.objects.filter(depth__gt=2), viewer).values_list("title", flat=True)
            also = [each.title for each in Page.objects.filter(depth__gt=2) if can_see(each, viewer)]
            assert sorted(titles) == sorted(also)
            return HttpResponse(", ".join(sorted(titles)))

        monkeypatch.setattr(type(target), "serve_preview", serve_preview)
        target.save_revision()
        draft = reverse("wagtailadmin_pages:view_draft", args=[target.pk])
        return client.get(draft, {"mode": whom}).content.decode()

    @pytest.mark.parametrize("kind", ["person", "segment"])
    def test_hides_what_is_closed_to_the_editor(self, client, section, secret, it, ann, monkeypatch, kind):
        client.force_login(editor("preview_as_person", of=section))
        whom = mode(kind, ann.pk if kind == "person" else it.uuid)
        assert self.seen(client, section, monkeypatch, whom) == "Open section"

    @pytest.mark.parametrize(("works_on_all", "shown"), [(False, "<a>read</a>"), (True, '<a href="/secret/">read</a>')])
    def test_hold_for_links_in_texts(self, client, section, secret, it, ann, monkeypatch, works_on_all, shown):
        link = f'<a linktype="page" id="{secret.pk}">read</a>'
        monkeypatch.setattr(type(section), "serve_preview", lambda *args: HttpResponse(expand_db_html(link)))
        client.force_login(editor("preview_as_person", of=None if works_on_all else section))
        section.save_revision()
        draft = reverse("wagtailadmin_pages:view_draft", args=[section.pk])
        assert client.get(draft, {"mode": mode("person", ann.pk)}).content.decode() == shown

    def test_shows_what_the_editor_may_work_on(self, client, section, secret, it, ann, monkeypatch):
        client.force_login(editor("preview_as_person"))
        assert self.seen(client, section, monkeypatch, mode("person", ann.pk)) == "Open section, Secret"

    def test_shows_what_the_editor_may_open(self, client, section, secret, it, ann, monkeypatch):
        someone = editor("preview_as_person", of=section)
        Staff.objects.create(user=someone, department="IT")
        client.force_login(someone)
        assert self.seen(client, section, monkeypatch, mode("person", ann.pk)) == "Open section, Secret"

    def test_shows_no_more_than_the_colleague_sees(self, client, section, secret, it, monkeypatch):
        client.force_login(editor("preview_as_person"))
        bob = person("bob", department="HR")
        assert self.seen(client, section, monkeypatch, mode("person", bob.pk)) == "Open section"
        assert self.seen(client, section, monkeypatch, mode("anonymous")) == "Open section"

    def test_do_not_matter_outside_of_previews(self, secret, it, ann):
        assert can_see(secret, Viewer.for_person(ann))
        assert secret.page_ptr in visible(Page.objects.all(), Viewer.for_person(ann))

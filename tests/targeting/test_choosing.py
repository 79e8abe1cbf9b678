"""Editors may target only with segments that are open to them, whatever their browser sends."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from tests.builders import audience, home, note, page, person, segment, targeted_page, undo
from tests.intranet.models import TargetedPage
from tests.targeting.test_admin_audience import chosen, editor
from wagtail_personalize.segments.models import SegmentCategory
from wagtail_personalize.segments.rights import usable_by
from wagtail_personalize.targeting.choosing import choosing, refuse_unusable
from wagtail_personalize.targeting.models import PageAudience
from wagtail_personalize.targeting.page_audiences import set_page_audience

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed():
    """A category that is open to one group only."""
    category = SegmentCategory.objects.create(name="Board matters")
    category.groups.add(Group.objects.create(name="Board office"))
    return category


@pytest.fixture
def secret(closed):
    return segment("IT", category=closed)


@pytest.fixture
def usable():
    return segment("HR", category=SegmentCategory.objects.create(name="Functions"))


@pytest.fixture
def writer(client):
    """An editor who publishes pages and may restrict them, but does not manage segments."""
    someone = editor("restrict_pages", "view_members")
    client.force_login(someone)
    return someone


class TestUsable:
    def test_are_segments_without_a_category_and_of_open_categories(self, writer, secret, usable):
        loose = segment("Loose")

        assert set(usable_by(writer)) == {usable, loose}

    def test_are_those_of_a_category_that_names_ones_group(self, writer, secret, closed):
        closed.groups.add(*writer.groups.all())

        assert list(usable_by(writer)) == [secret]

    def test_are_all_for_those_who_manage_segments(self, secret):
        assert list(usable_by(editor("change_segment"))) == [secret]
        assert list(usable_by(get_user_model().objects.create_superuser("boss"))) == [secret]

    def test_are_never_drafts(self):
        segment("Draft", live=False)

        assert not usable_by(get_user_model().objects.create_superuser("boss"))

    def test_are_none_for_nobody(self, usable):
        assert not usable_by(None)

    def test_are_found_in_one_query(self, writer, secret, usable, django_assert_num_queries):
        writer.has_perm("any")
        with django_assert_num_queries(1):
            assert list(usable_by(writer)) == [usable]


class TestRefusing:
    def test_asks_once_however_many_blocks_there_are(self, writer, secret, usable, django_assert_num_queries):
        writer.has_perm("any")
        with django_assert_num_queries(1), choosing(writer, lambda: {str(secret.uuid)}):
            for _block in range(5):
                refuse_unusable([str(usable.uuid)])
                refuse_unusable([str(usable.uuid)])


class TestChooser:
    def choices(self, client):
        answer = client.get(reverse("personalize_targeting:segment_choices")).json()
        return [value["label"] for value in answer["values"]]

    def test_lists_what_is_usable(self, client, writer, secret, usable):
        segment("Draft", live=False)

        assert self.choices(client) == ["HR"]

    def test_tells_no_size_of_what_is_not(self, client, writer, secret):
        person(department="IT")

        answer = client.get(reverse("personalize_targeting:reach"), {"include": [str(secret.uuid)]}).json()

        assert answer == {"problem": "You may not use one of these segments, so the size is not shown."}


class TestAudienceOfAPage:
    def post(self, client, target, **parts):
        return client.post(reverse("personalize_targeting:page_audience", args=[target.pk]), chosen(**parts))

    @pytest.mark.parametrize("part", ["recommend_include", "recommend_exclude", "restrict_include", "restrict_exclude"])
    def test_refuses_a_forged_choice(self, client, writer, secret, part):
        answer = self.post(client, page("Keys"), **{part: [secret]})

        assert answer.status_code == 200
        assert "You may not use the segment “IT”" in answer.content.decode()
        assert not PageAudience.objects.exists()

    def test_refuses_a_draft(self, client, writer):
        answer = self.post(client, page("Keys"), restrict_include=[segment("Draft", live=False)])

        assert "“Draft” is a draft" in answer.content.decode()

    def test_takes_what_is_usable(self, client, writer, usable):
        assert self.post(client, page("Keys"), restrict_include=[usable]).status_code == 302

    def test_lets_stay_what_somebody_else_chose(self, client, writer, secret, usable):
        target = page("Keys")
        boss = get_user_model().objects.create_superuser("boss")
        from wagtail_personalize.targeting.clauses import Clause

        set_page_audience(target, boss, frozenset({Clause(frozenset({str(secret.uuid)}))}), frozenset())

        answer = self.post(client, target, restrict_include=[secret], recommend_include=[usable])

        assert answer.status_code == 302


class TestBlocks:
    def data(self, target, *blocks, action="action-publish"):
        return nested_form_data(
            {
                "title": target.title,
                "slug": target.slug,
                "body": streamfield(
                    [
                        ("note", {"text": text, "audience-include": json.dumps([str(s.uuid) for s in segments])})
                        for text, segments in blocks
                    ]
                ),
                "comments": inline_formset([]),
                action: "1",
            }
        )

    def edit(self, client, target, *blocks, **options):
        url = reverse("wagtailadmin_pages:edit", args=[target.pk])
        return client.post(url, self.data(target, *blocks, **options))

    @pytest.mark.parametrize("action", ["action-publish", "action-save"])
    def test_may_not_add_what_is_not_usable(self, client, writer, secret, action):
        target = targeted_page(note("Hello"))

        answer = self.edit(client, target, ("Hello", [secret]), action=action)

        assert answer.status_code == 200
        assert "You may not use the segment" in answer.content.decode()
        assert not target.revisions.exists()

    def test_may_add_what_is(self, client, writer, usable):
        target = targeted_page(note("Hello"))

        assert self.edit(client, target, ("Hello", [usable])).status_code == 302
        target.refresh_from_db()
        assert target.body[0].value["audience"]["include"] == [str(usable.uuid)]

    def test_keep_what_was_there(self, client, writer, secret):
        target = targeted_page(note("Hello", audience([secret])))

        assert self.edit(client, target, ("Good morning", [secret])).status_code == 302
        target.refresh_from_db()
        assert target.body[0].value["text"] == "Good morning"

    def test_keep_what_an_unpublished_version_has(self, client, writer, secret):
        target = targeted_page(note("Hello"))
        target.body = [("note", {"text": "Hello", "audience": audience([secret])})]
        target.save_revision()

        assert self.edit(client, target, ("Good morning", [secret])).status_code == 302

    def test_of_a_new_page_are_checked_too(self, client, writer, secret, usable):
        url = reverse("wagtailadmin_pages:add", args=["intranet", "targetedpage", home().pk])
        new = TargetedPage(title="New", slug="new")

        assert client.post(url, self.data(new, ("Hello", [secret]))).status_code == 200
        assert not TargetedPage.objects.exists()
        assert client.post(url, self.data(new, ("Hello", [usable]))).status_code == 302

    def test_cost_no_query_more_while_nothing_is_chosen(self, client, writer, usable, django_assert_max_num_queries):
        target = targeted_page(note("Hello"))
        self.edit(client, target, ("Hello", []))
        with django_assert_max_num_queries(300) as without:
            self.edit(client, target, ("Hello", []))
        with django_assert_max_num_queries(300) as with_many:
            self.edit(client, target, *[("Hello", []) for _number in range(20)])

        assert len(with_many) <= len(without) + 2


class TestSegmentThatBecameADraft:
    def test_is_marked_where_it_is_chosen(self, client, writer, usable):
        target = page("Keys")
        url = reverse("personalize_targeting:page_audience", args=[target.pk])
        client.post(url, chosen(restrict_include=[usable]))
        undo(usable)

        shown = client.get(url).content.decode()

        assert "HR (a draft: nobody is in it)" in shown

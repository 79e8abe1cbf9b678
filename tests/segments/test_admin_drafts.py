"""Segments as drafts: saved, published, changed beside the live one, taken back, compared."""

import json

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry, Revision

from tests.builders import person, segment
from tests.segments.editing import editor_with, segment_data
from wagtail_personalize.segments.admin.log_actions import SEGMENT_CHANGED
from wagtail_personalize.segments.models import Segment, SegmentCategory
from wagtail_personalize.segments.usage import SegmentInUse

pytestmark = pytest.mark.django_db

LEGAL = {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["Legal"]}]}
IT = {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["IT"]}]}
UNFINISHED = {"all": [{"attribute": "department", "operator": "is_one_of", "value": []}]}


@pytest.fixture
def writer(client):
    """May write segments, but not publish them."""
    someone = editor_with("add_segment", "change_segment")
    client.force_login(someone)
    return someone


def url(name, *args):
    return reverse(f"personalize_segments:{name}", args=args)


def save(client, editor, name, rule, to=None, publish=False, **fields):
    """Save the form of a new segment, or of ``to``, as a draft."""
    return client.post(url("edit", to.pk) if to else url("add"), segment_data(editor, name, rule, publish, **fields))


class TestNewDraft:
    def test_nobody_is_in_it(self, client, boss):
        person(department="Legal")

        response = save(client, boss, "Lawyers", LEGAL)

        draft = Segment.objects.get()
        assert response.url == url("edit", draft.pk)
        assert (draft.live, draft.size()) == (False, 0)

    def test_is_published_from_its_form(self, client, boss):
        ada = person("ada", department="Legal")
        save(client, boss, "Lawyers", LEGAL)
        draft = Segment.objects.get()

        response = save(client, boss, "Lawyers", LEGAL, to=draft, publish=True)

        assert response.url == url("index")
        draft.refresh_from_db()
        assert (draft.live, draft.broken, list(draft.people())) == (True, "", [ada])

    def test_may_be_unfinished(self, client, boss):
        save(client, boss, "Lawyers", UNFINISHED)

        draft = Segment.objects.get()
        assert draft.rule == UNFINISHED
        shown = client.get(url("edit", draft.pk)).context["form"]["rule"].value()
        assert [child.block_type for child in shown["items"]] == ["attribute_department"]

    def test_must_be_finished_to_be_published(self, client, boss):
        response = save(client, boss, "Lawyers", UNFINISHED, publish=True)

        assert response.status_code == 200
        assert not Segment.objects.exists()

    def test_is_not_offered_in_rules(self, client, boss):
        segment("Lawyers", LEGAL)
        segment("Dreamers", IT, live=False)

        answer = client.get(url("values"), {"source": "segment"}).json()

        assert [value["label"] for value in answer["values"]] == ["Lawyers"]

    def test_needs_a_name(self, client, boss):
        assert save(client, boss, "", LEGAL).status_code == 200
        assert not Segment.objects.exists()

    def test_cannot_be_published_without_the_permission(self, client, writer):
        page = client.get(url("add")).content.decode()
        save(client, writer, "Lawyers", LEGAL, publish=True)

        assert "action-publish" not in page
        assert not Segment.objects.get().live

    def test_keeps_its_lists_of_people(self, client, boss):
        ada = person("ada")

        save(client, boss, "Lawyers", LEGAL, always_included=[str(ada.pk)])
        draft = Segment.objects.get()
        form = client.get(url("edit", draft.pk)).context["form"]
        assert form.initial["always_included"] == [str(ada.pk)]
        save(client, boss, "Lawyers", LEGAL, to=draft, publish=True, always_included=[str(ada.pk)])

        assert list(draft.people()) == [ada]


class TestDraftOfALiveSegment:
    def test_leaves_the_live_rule_in_force(self, client, boss):
        ada, bob = person("ada", department="Legal"), person("bob", department="IT")
        lawyers = segment("Lawyers", LEGAL)

        save(client, boss, "Technicians", IT, to=lawyers, always_included=[str(bob.pk)])

        lawyers.refresh_from_db()
        assert (lawyers.name, lawyers.rule, list(lawyers.people())) == ("Lawyers", LEGAL, [ada])
        assert lawyers.has_unpublished_changes
        form = client.get(url("edit", lawyers.pk)).context["form"]
        assert (form.instance.name, form.instance.rule) == ("Technicians", IT)
        assert form.initial["always_included"] == [str(bob.pk)]

    def test_comes_into_force_with_its_lists_when_published(self, client, boss):
        bob, cleo = person("bob"), person("cleo", department="IT")
        lawyers = segment("Lawyers", LEGAL)
        save(client, boss, "Lawyers", IT, to=lawyers, always_included=[str(bob.pk)])

        lawyers.refresh_from_db()
        lawyers.latest_revision.publish(user=boss)

        lawyers.refresh_from_db()
        assert set(lawyers.people()) == {bob, cleo}
        assert not lawyers.has_unpublished_changes

    def test_leaves_alone_what_became_of_the_lists_meanwhile(self, client, boss):
        bob, cleo = person("bob"), person("cleo")
        lawyers = segment("Lawyers", LEGAL)
        save(client, boss, "Lawyers", LEGAL, to=lawyers, always_included=[str(bob.pk)])
        lawyers.always_include([cleo])

        lawyers.refresh_from_db()
        lawyers.latest_revision.publish(user=boss)

        assert set(lawyers.people()) == {bob, cleo}

    def test_does_not_lose_lists_that_its_next_editor_may_not_see(self, client, boss):
        bob = person("bob")
        lawyers = segment("Lawyers", LEGAL)
        save(client, boss, "Lawyers", LEGAL, to=lawyers, always_included=[str(bob.pk)])

        writer = editor_with("change_segment")
        client.force_login(writer)
        save(client, writer, "Lawyers of ours", LEGAL, to=lawyers)
        lawyers.refresh_from_db()
        lawyers.latest_revision.publish()

        assert list(lawyers.people()) == [bob]

    def test_never_loses_the_rule_to_a_form_without_the_builder(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)

        response = client.post(url("edit", lawyers.pk), {"name": "Lawyers"})

        assert response.status_code == 200
        assert "It needs JavaScript" in response.content.decode()
        assert not Revision.objects.exists()

    def test_is_compared_as_the_rule_reads(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)
        save(client, boss, "Lawyers", IT, to=lawyers)

        page = client.get(url("revisions_compare", lawyers.pk, "live", "latest")).content.decode()

        assert '<span class="deletion">Legal</span>' in page
        assert '<span class="addition">IT</span>' in page

    def test_can_be_an_older_version_again(self, client, boss):
        ada = person("ada", department="Legal")
        lawyers = segment("Lawyers", LEGAL)
        save(client, boss, "Lawyers", LEGAL, to=lawyers)
        first = Revision.objects.get()
        save(client, boss, "Lawyers", IT, to=lawyers, publish=True)

        older = url("revisions_revert", lawyers.pk, first.pk)
        assert client.get(older).context["form"].instance.rule == LEGAL
        client.post(older, segment_data(boss, "Lawyers", LEGAL))

        lawyers.refresh_from_db()
        assert (lawyers.rule, list(lawyers.people())) == (LEGAL, [ada])

    def test_cannot_be_compared_or_taken_back_without_the_permission(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)
        save(client, boss, "Lawyers", IT, to=lawyers)
        client.force_login(editor_with("view_segment"))

        for name, args in (
            ("revisions_compare", ["live", "latest"]),
            ("revisions_revert", [Revision.objects.get().pk]),
            ("unpublish", []),
        ):
            assert client.get(url(name, lawyers.pk, *args)).status_code == 302

    def test_is_no_autosave(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)

        assert "w-autosave" not in client.get(url("edit", lawyers.pk)).content.decode().split("<form")[-1][:600]


class TestUnpublish:
    def test_empties_the_segment_and_keeps_its_rule(self, client, boss):
        person(department="Legal")
        lawyers = segment("Lawyers", LEGAL)
        assert url("unpublish", lawyers.pk) in client.get(url("edit", lawyers.pk)).content.decode()

        client.post(url("unpublish", lawyers.pk))

        lawyers.refresh_from_db()
        assert (lawyers.live, lawyers.rule, lawyers.size()) == (False, LEGAL, 0)
        assert ModelLogEntry.objects.filter(action="wagtail.unpublish").exists()

    def test_is_refused_with_the_places_while_in_use(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)
        segment("Seniors", {"all": [{"operator": "in_segment", "value": "lawyers"}]})

        asked = client.get(url("unpublish", lawyers.pk)).content.decode()
        tried = client.post(url("unpublish", lawyers.pk)).content.decode()

        for page in (asked, tried):
            assert "Seniors" in page
            assert "Yes, unpublish it" not in page
        lawyers.refresh_from_db()
        assert lawyers.live

    def test_is_refused_in_code_too(self):
        lawyers = segment("Lawyers", LEGAL)
        segment("Seniors", {"all": [{"operator": "in_segment", "value": "lawyers"}]})

        with pytest.raises(SegmentInUse, match="Seniors"):
            lawyers.unpublish()

    def test_needs_the_permission_to_publish(self, client, writer):
        lawyers = segment("Lawyers", LEGAL)

        assert client.post(url("unpublish", lawyers.pk)).status_code == 302
        lawyers.refresh_from_db()
        assert lawyers.live


class TestInUse:
    def test_counts_what_only_a_draft_names(self, client, boss):
        lawyers, seniors = segment("Lawyers", LEGAL), segment("Seniors", IT)

        save(client, boss, "Seniors", {"all": [{"operator": "in_segment", "value": "lawyers"}]}, to=seniors)

        for name in ("delete", "unpublish"):
            assert "Seniors<" in client.post(url(name, lawyers.pk)).content.decode()
        refused = save(client, boss, "Lawyers", LEGAL, to=lawyers, slug="jurists").content.decode()
        assert "The short name cannot change" in refused
        assert Segment.objects.filter(slug="lawyers", live=True).exists()


class TestHistory:
    def test_tells_a_draft_and_what_was_published(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)
        category = SegmentCategory.objects.create(name="Functions")
        ada = person("ada", last_name="Lovelace")

        save(client, boss, "Jurists", IT, to=lawyers, category=category.pk, always_included=[str(ada.pk)])
        page = client.get(url("history", lawyers.pk)).content.decode()

        for words in (
            "Changed in the draft:",
            "Department is Legal → Department is IT",
            "name from “Lawyers” to “Jurists”",
            "category from “none” to “Functions”",
            "always in this segment: people added",
        ):
            assert words in page
        assert "Lovelace" not in page
        assert "1 person" not in page

    def test_compares_what_is_published_with_what_was_in_force(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)
        save(client, boss, "Lawyers", UNFINISHED, to=lawyers)
        save(client, boss, "Lawyers", IT, to=lawyers, publish=True)

        published = ModelLogEntry.objects.filter(action=SEGMENT_CHANGED).first()

        assert published.message == "Changed: Department is Legal → Department is IT"

    def test_is_in_the_report_of_the_site(self, client, boss):
        save(client, boss, "Lawyers", LEGAL, publish=True)

        page = client.get(reverse("wagtailadmin_reports:site_history")).content.decode()

        assert "Changed: rule: “Department is Legal”" in page

    def test_says_nothing_when_nothing_changed(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)

        save(client, boss, "Lawyers", LEGAL, to=lawyers, publish=True)

        assert not ModelLogEntry.objects.filter(action=SEGMENT_CHANGED).exists()


class TestVersions:
    def test_keep_no_more_of_the_lists_than_keys(self, client, boss):
        ada = person("ada", last_name="Lovelace")
        lawyers = segment("Lawyers", LEGAL)

        save(client, boss, "Lawyers", LEGAL, to=lawyers, always_included=[str(ada.pk)])

        content = Revision.objects.get().content
        assert content["list_changes"] == {"include": [str(ada.pk)]}
        assert "Lovelace" not in json.dumps(content)

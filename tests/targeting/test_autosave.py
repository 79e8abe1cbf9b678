"""Wagtail saves drafts while somebody types. Nobody but editors may notice, and audiences are never lost by it."""

import json

import pytest
import wagtail
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from tests.builders import audience, home, note, page, segment, targeted_page
from tests.intranet.models import TargetedPage
from tests.streams.notifying import afterwards
from tests.targeting.test_admin_audience import editor
from wagtail_personalize.streams.models import HashtagUse, Notification, TimelineItem
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import page_audience, set_page_audience

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(wagtail.VERSION < (8,), reason="Wagtail saves by itself since version 8."),
]

NO_COMMENTS = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""}


@pytest.fixture
def it():
    return segment("IT")


@pytest.fixture
def boss(client):
    someone = editor("restrict_pages")
    client.force_login(someone)
    return someone


@pytest.fixture
def restricted(boss, it):
    """A page of IT with a hashtag, published."""
    found = targeted_page(note("For IT", audience([it])), title="Servers #alpha", slug="servers")
    set_page_audience(found, boss, Clause.of([it]), None)
    found.save_revision().publish()
    return found


def autosave(client, url, text, meant, title="Servers #beta"):
    block = {"text": text, "audience": meant if isinstance(meant, str) else json.dumps(meant)}
    form = {"title": title, "slug": "servers", "body": streamfield([("note", block)]), "comments": NO_COMMENTS}
    with afterwards():
        return client.post(url, nested_form_data(form), headers={"Accept": "application/json"})


def address(found):
    return reverse("wagtailadmin_pages:edit", args=[found.pk])


def draft(found):
    (block,) = TargetedPage.objects.get(pk=found.pk).get_latest_revision_as_object().body.raw_data
    return block["value"]


def outside():
    """What readers could notice."""
    uses = sorted(HashtagUse.objects.values_list("page", "hashtag__key"))
    return uses, TimelineItem.objects.count(), Notification.objects.count()


class TestAutosave:
    def test_keeps_the_audience_of_a_block_and_the_restriction_of_the_page(self, client, restricted, it):
        assert autosave(client, address(restricted), "Changed", audience([it])).json()["success"]
        assert draft(restricted)["text"] == "Changed"
        assert draft(restricted)["audience"]["include"] == [str(it.uuid)]
        assert page_audience(restricted).access is not None

    def test_changes_nothing_for_readers(self, client, restricted, it):
        before = outside()
        assert before[0]
        autosave(client, address(restricted), "Changed #gamma", audience([it]))
        assert outside() == before
        assert TargetedPage.objects.get(pk=restricted.pk).title == "Servers #alpha"

    @pytest.mark.parametrize("nonsense", ["{", '{"include": ["x"]}'])
    def test_refuses_an_audience_that_cannot_be_read_and_keeps_the_last_draft(self, client, restricted, it, nonsense):
        autosave(client, address(restricted), "Changed", audience([it]))
        assert autosave(client, address(restricted), "Damaged", nonsense).status_code == 400
        assert draft(restricted)["text"] == "Changed"
        assert draft(restricted)["audience"]["include"] == [str(it.uuid)]

    def test_of_a_new_page_in_a_restricted_section_is_restricted_with_it(self, client, boss, it):
        section = page("Section")
        set_page_audience(section, boss, Clause.of([it]), None)
        url = reverse("wagtailadmin_pages:add", args=["intranet", "targetedpage", section.pk])
        saved = autosave(client, url, "", None, title="Half a title #delta").json()
        found = TargetedPage.objects.get(pk=saved["pk"])
        assert not found.live
        assert outside() == ([], 0, 0)
        assert client.get(f"{home().url}section/servers/").status_code == 404

    def test_tells_no_problem_of_audiences_while_one_types(self, client, restricted, it):
        """Nobody is in that segment: that is said when the page is published."""
        answer = autosave(client, address(restricted), "Changed", audience([it]))
        assert "Published" not in answer.content.decode()
        assert "Please look at who sees it" not in client.get(address(restricted)).content.decode()

"""The doors of the admin. Wagtail's page permissions decide here, and in choosers what one may see anyway.

``members`` says whether somebody in the page's audience who edits another section is shown it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from django.test import Client
from django.urls import reverse
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import GroupApprovalTask, Page

from .ways import text_of


@dataclass(frozen=True)
class AdminDoor:
    name: str
    ask: Callable[[Client, Page], str]
    members: bool = False
    #: Does it tell those who work on the page about it at all?
    shown: bool = True
    #: Is it about versions? An alias has none of its own.
    versions: bool = False
    searches: bool = False

    def tells_of(self, page: Page, answer: str) -> bool:
        """Whether an answer gives the page away; a search repeats the words that were asked for."""
        if self.searches:
            return f"pages/{page.pk}/" in answer
        return page.title in answer or page.url in answer


def at(view, *arguments, query=""):
    """A view of the admin; what it is asked with may name the page."""

    def ask(client, page):
        named = {
            "page": page.pk,
            "parent": page.get_parent().pk,
            "title": quote(page.title),
            "revision": page.latest_revision_id or 0,
        }
        url = reverse(view, args=[named[name] for name in arguments])
        return text_of(client.get(url + query.format(**named)))

    return ask


def typing_the_address(client, page):
    sent = {"external-link-chooser-url": page.full_url, "external-link-chooser-link_text": "here"}
    answer = text_of(client.post(reverse("wagtailadmin_choose_page_external_link"), sent))
    return answer.replace(page.url, "")  # what was typed comes back


def previewing(client, page):
    return text_of(client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])))


def adding_below(client, page):
    """What is said to whoever wants to add a page there."""
    address = reverse("wagtailadmin_pages:choose_parent", args=["intranet", "standardpage"])
    return text_of(client.post(address, {"parent_page": page.pk}))


def reviewing(client, page):
    """Nobody asked for a review: that is said on the next page."""
    task, _ = GroupApprovalTask.objects.get_or_create(name="Review")
    client.get(reverse("wagtailadmin_pages:workflow_preview", args=[page.pk, task.pk]))
    return text_of(client.get(reverse("wagtailadmin_home")))


def bulk_action(query):
    """What a bulk action says before it is done, and of which pages it says that they may not be changed."""

    def ask(client, page):
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        query_string = query.format(page=page.pk, parent=page.get_parent().pk)
        return text_of(client.get(f"{address}?{query_string}&next=/admin/"))

    return ask


def promoting(client, page):
    """What somebody promoted for a search term; the form names it as the list does."""
    query = Query.get("something")
    query.editors_picks.get_or_create(page=page)
    views = reverse("wagtailsearchpromotions:index"), reverse("wagtailsearchpromotions:edit", args=[query.pk])
    return "".join(text_of(client.get(view)) for view in views)


ADMIN_DOORS = [
    AdminDoor("explorer", at("wagtailadmin_explore", "parent")),
    AdminDoor("search", at("wagtailadmin_pages:search", query="?q={title}"), searches=True),
    AdminDoor("page chooser", at("wagtailadmin_choose_page_child", "parent"), members=True),
    AdminDoor("page chooser, inside the page", at("wagtailadmin_choose_page_child", "page"), members=True),
    AdminDoor(
        "search of the page chooser",
        at("wagtailadmin_choose_page_search", query="?q={title}"),
        members=True,
        searches=True,
    ),
    AdminDoor("chosen pages", at("wagtailadmin_choose_page_chosen_multiple", query="?id={page}"), members=True),
    AdminDoor("typed address", typing_the_address, members=True),
    AdminDoor("editor", at("wagtailadmin_pages:edit", "page")),
    AdminDoor("draft", previewing),
    AdminDoor("history", at("wagtailadmin_pages:history", "page")),
    AdminDoor("revision", at("wagtailadmin_pages:revisions_view", "page", "revision"), versions=True),
    AdminDoor("revision, to bring back", at("wagtailadmin_pages:revisions_revert", "page", "revision"), versions=True),
    AdminDoor("comparison", at("wagtailadmin_pages:revisions_compare", "page", "revision", "revision"), versions=True),
    AdminDoor("where it is used", at("wagtailadmin_pages:usage", "page")),
    AdminDoor("copy", at("wagtailadmin_pages:copy", "page")),
    AdminDoor("move", at("wagtailadmin_pages:move", "page")),
    AdminDoor("move, confirmed", at("wagtailadmin_pages:move_confirm", "page", "parent"), members=True),
    AdminDoor("place of a new page", adding_below, members=True, shown=False),
    AdminDoor("workflow", reviewing, members=True),
    AdminDoor("bulk action", bulk_action("id={page}"), members=True),
    AdminDoor("bulk action, all below", bulk_action("id=all&childOf={parent}"), members=True),
    AdminDoor("audience", at("personalize_targeting:page_audience", "page")),
    AdminDoor("report of audiences", at("personalize_targeting:report"), shown=False),
    AdminDoor("report of locked pages", at("wagtailadmin_reports:locked_pages"), shown=False),
    AdminDoor("report of old pages", at("wagtailadmin_reports:aging_pages"), versions=True),
    AdminDoor("report of page types", at("wagtailadmin_reports:page_types_usage"), members=True, versions=True),
    AdminDoor("site history", at("wagtailadmin_reports:site_history"), versions=True),
    AdminDoor("start page", at("wagtailadmin_home"), shown=False),
    AdminDoor("promoted search results", promoting, shown=False),
    AdminDoor("admin API listing", at("wagtailadmin_api:pages:listing", query="?child_of={parent}")),
    AdminDoor("admin API search", at("wagtailadmin_api:pages:listing", query="?search={title}"), searches=True),
    AdminDoor("admin API detail", at("wagtailadmin_api:pages:detail", "page")),
]

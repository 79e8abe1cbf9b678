"""Every view of ours without violations of WCAG 2.2 AA, as far as axe-core sees them.

The views are taken from the address book of the site, so that a new one is not forgotten: it is opened here, or it
stands in a list with the reason why not.
"""

import re
from datetime import timedelta

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import expect
from wagtail.models import Collection

from tests.browser.accessible import faults
from tests.builders import audience, note, page, person, segment, targeted_page, variants
from tests.engagement.figures import content as figures_content
from tests.engagement.figures import figures, reporting
from tests.intranet.models import OtherPage
from tests.segments.test_journeys import journey
from tests.segments.test_personas import persona
from tests.segments.test_series import series
from wagtail_personalize.engagement.models import ChannelFigures, Content
from wagtail_personalize.engagement.reports.registry import offered
from wagtail_personalize.people.employees.models import EmployeeProfile
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.models import SegmentCategory
from wagtail_personalize.streams.hashtag_uses import read
from wagtail_personalize.streams.mailing.addresses import DIGEST, token_for
from wagtail_personalize.streams.models import Notice, Notification, PreferenceDefault
from wagtail_personalize.streams.people_widgets.lists import NEW
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

#: No page: parts of pages, data, files, what answers only to POST; and what Wagtail makes without us.
NO_PAGE = re.compile(
    r"_results$|^usage$|^values$|^live$|^matching$|^reach$|^check_page$|segment_choices|preview_people|preview_combinations|"
    r"_file$|_end$|^chosen|^choose|^create$|^put_away$|revisions_|remove_named_person|make_segment|"
    r"^suggest_hashtags$|^hashtag_feed$|^feed_address$|^follow$|^looked$|^must_know_read$|^shortcuts$|"
    r"^notification_bell$|^notification_open$|^notification_read$|^notifications_read$|^search_open$"
)
#: They need an import that was uploaded or has run; its pages are walked by test_import.
NEED_AN_IMPORT = re.compile(
    r"^(columns|upload_mapping|preview|preview_rejected|progress|progress_answer|compare|stop|go_on|discard|rejected|"
    r"run|delete_mapping)$"
)
#: Lookup tables are lists and forms of Wagtail with nothing of ours; departments stand for all of them.
LOOKUPS = {f"personalize_{name}" for name in ("division", "location", "country", "language", "skill", "interest")}
#: Dialogs inside other views.
CHOOSERS = {"personalize_employee_chooser", "personalize_user_chooser"}


def names(room):
    """The names in a namespace, without what is no page."""
    found = {name for name in get_resolver().namespace_dict[room][1].reverse_dict if isinstance(name, str)}
    return sorted(name for name in found if not NO_PAGE.search(name) and not NEED_AN_IMPORT.match(name))


def rooms(resolver=None):
    """Our namespaces, at any depth."""
    resolver = resolver or get_resolver()
    for name, (_prefix, inner) in resolver.namespace_dict.items():
        if "personalize" in name:
            yield name
        yield from rooms(inner)


@pytest.fixture
def boss(site, django_user_model):
    return django_user_model.objects.create_superuser("boss", "boss@example.org", "x", first_name="Boss")


@pytest.fixture
def objects(boss):
    """One of everything, by namespace: the values in its addresses."""
    for number in range(6):
        person(f"ann{number}", department="IT", first_name="Ann", last_name=str(number))
    someone = person("ben", department="HR", first_name="Ben")
    category = SegmentCategory.objects.create(name="Departments")
    it, hr = segment("IT", category=category), segment("HR")
    news = targeted_page(
        note("Plan of the week", audience([it])),
        variants((audience([it]), [note("a")]), (audience([it]), [note("b")]), default=[note("c")]),
        title="News",
    )
    set_page_audience(news, boss, Clause.of([it, hr]), Clause.of([hr]))
    safety = targeted_page(title="Ear protection #Safety", slug="ear-protection")
    read([safety])
    about = {"translation_key": safety.translation_key, "at": timezone.now()}
    for number in range(2):
        notice = Notice.objects.create(event="sent", key=str(number), text="Read this", to_everybody=True, **about)
        Notification.objects.create(person=boss, notice=notice, is_read=bool(number))
    profile = EmployeeProfile.objects.create(user=boss)
    archive = (Collection.get_first_root_node() or Collection.add_root(name="Root")).add_child(name="Archive")
    return {
        "personalize_targeting": {"page_id": news.pk, "collection_id": archive.pk},
        "personalize_segments": {"pk": it.pk},
        "personalize_segment_categories": {"pk": category.pk},
        "personalize_personas": {"pk": persona("New joiner", ("Nina", {"department": "IT"}), segment=it).pk},
        "personalize_segment_series": {"pk": series().pk},
        "personalize_journeys": {"pk": journey().pk},
        "personalize_employees": {"pk": profile.pk},
        "personalize_notifications": {"page_id": safety.pk},
        "personalize_comments_of_page": {"page_id": safety.pk},
        "personalize_engagement": {"page_id": safety.pk, "name": "most-read"},
        "personalize_notification_defaults": {"pk": PreferenceDefault.objects.create(segment=it, event="news").pk},
        "wagtail_personalize": {
            "pk": someone.pk,
            "key": "safety",
            "key page": safety.translation_key,
            "name": NEW,
            "token": token_for(boss.pk, DIGEST),
        },
        "news": news,
    }


def addresses(room, values):
    """Each name in the room with its address, ``None`` where nothing of it exists; ``"key page"`` is another key."""
    for name in names(room):
        for used in ({}, values, *({key.partition(" ")[0]: value} for key, value in values.items())):
            try:
                yield name, reverse(f"{room}:{name}", kwargs=used)
                break
            except NoReverseMatch:
                continue
        else:
            yield name, None


ROOMS = sorted({*rooms()} - LOOKUPS - CHOOSERS)


@pytest.mark.long
class TestOurViews:
    @pytest.mark.parametrize("room", ROOMS)
    def test_have_no_violations(self, signed_in, boss, objects, room):
        tab, found, opened = signed_in(boss), [], 0
        for _name, address in addresses(room, objects.get(room, {})):
            if address is None:
                continue
            answer = tab.goto(address)
            tab.wait_for_load_state("networkidle")
            if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
                opened += 1
                found += faults(tab, "main" if "/admin/" in tab.url else "body")
        tab.errors[:] = [error for error in tab.errors if "status of 4" not in error]
        assert opened or room not in objects
        assert not found, "\n".join(found)


LOOKS_WIDE = [("light", 1280, 1000), ("dark", 1280, 1000)]


class TestInWagtailsViews:
    def test_the_explorer_and_the_action_for_many_pages(self, signed_in, boss, objects):
        tab = signed_in(boss)
        tab.goto(reverse("wagtailadmin_explore", args=[objects["news"].get_parent().pk]))
        expect(tab.locator(".personalize-audience-cell").first).to_be_visible()
        found = faults(tab, ".personalize-audience-cell", width=False)
        action = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "personalize_audience"])
        tab.goto(f"{action}?id={objects['news'].pk}&next=/admin/")
        found += faults(tab, "main")
        tab.get_by_label("Change who may open the pages").check()
        tab.get_by_role("button", name="Set audience").click()
        expect(tab.get_by_role("heading", name="Other people may open these pages")).to_be_visible()
        found += faults(tab, "main")
        assert not found, "\n".join(found)

    def test_the_panels_of_the_page_editor(self, signed_in, boss, objects):
        tab = signed_in(boss)
        tab.goto(f"/admin/pages/{objects['news'].pk}/edit/")
        tab.locator("[data-side-panel-toggle=audience]").click()
        expect(tab.locator(".personalize-who-sees").first).to_be_visible()
        found = faults(tab, ".personalize-audience-panel", width=False)
        tab.set_viewport_size({"width": 1280, "height": 1000})
        tab.locator("[data-side-panel-toggle=preview]").click()
        found += faults(tab, ".personalize-preview-person", LOOKS_WIDE, width=False)
        assert not found, "\n".join(found)

    def test_the_chooser_while_it_is_open(self, signed_in, boss, objects):
        keys = page("Keys", model=OtherPage)
        tab = signed_in(boss)
        tab.goto(reverse("personalize_targeting:page_audience", args=[keys.pk]))
        tab.get_by_role("combobox").first.focus()
        expect(tab.get_by_role("option").first).to_be_visible()
        tab.keyboard.press("ArrowDown")
        found = faults(tab, "main")
        assert not found, "\n".join(found)

    def test_the_live_site_seen_as_somebody_else(self, signed_in, boss, objects):
        tab = signed_in(boss)
        tab.goto(reverse("personalize_targeting:view_as", args=[objects["news"].pk]))
        tab.get_by_role("button", name="As somebody in: IT").first.click()
        expect(tab.get_by_role("button", name="Be myself again")).to_be_visible()
        found = faults(tab, ".personalize-view-as")
        tab.errors[:] = [error for error in tab.errors if "status of 404" not in error]  # the icon of the site
        assert not found, "\n".join(found)


@pytest.mark.long
class TestReports:
    """With figures, so that there are charts and tables."""

    @pytest.fixture
    def measured(self, objects):
        group = segment("Shop floor")
        reporting((group, 60))
        news, canteen = objects["news"], page("Canteen")
        for weeks in (1, 2):
            start = today() - timedelta(days=today().weekday() + 7 * weeks)
            for number, of in enumerate((None, news, canteen)):
                told = {"viewers": 100, "views": 150 + number, "participants": 30, "comments": 20, "audience": 400}
                figures(of, start=start, timed_views=90, engaged_median=45, scrolled_50=60, **told)
                figures(of, group, start=start, viewers=30, views=40, participants=10, audience=60)
            about = figures_content(Content.Type.PAGE, str(news.translation_key))
            ChannelFigures.objects.create(content=about, channel="mail", span="week", start=start, viewers=9, views=20)
        return news

    def test_have_no_violations(self, signed_in, boss, measured):
        tab, found = signed_in(boss), []
        paths = ["", *(f"{one.name}/" for one in offered() if one.name != "overview"), f"page/{measured.pk}/"]
        for path in paths:
            tab.goto(f"/admin/reports/engagement/{path}")
            tab.wait_for_load_state("networkidle")
            found += faults(tab, "main")
        assert not found, "\n".join(found)

    def test_nor_do_the_pages_for_erasing(self, signed_in, boss):
        tab, found = signed_in(boss), []
        for name in ("personalize_erase_person", "personalize_lift_erasure"):
            tab.goto(reverse(name))
            found += faults(tab, "main")
        assert not found, "\n".join(found)


class TestAddressBook:
    def test_has_an_object_for_every_address(self, objects):
        missing = [
            f"{room}:{name}"
            for room in objects.keys() & {*ROOMS}
            for name, address in addresses(room, objects.get(room, {}))
            if address is None
        ]
        assert missing == []

"""Three languages: who reads what, where pages are missing, and the switcher."""

import re

import polib
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from wagtail.models import Page

from example_site.home.models import NewsPage
from wagtail_personalize.people.employees.models import EmployeeProfile

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"),
]

TRAVEL, REISEN = "/handbook/travel/", "/de/handbuch/reisen/"
SHIFT_WORK, PLOEGENDIENST = "/handbook/shift-work/", "/nl/handboek/ploegendienst/"


def text(response):
    assert response.status_code == 200
    return response.content.decode()


class TestTranslations:
    def test_are_forty_or_more_linked_to_what_they_translate(self):
        translated = Page.objects.live().filter(locale__language_code__in=["de", "nl"], depth__gt=1)
        originals = Page.objects.filter(locale__language_code="en-gb").values("translation_key")
        assert translated.filter(translation_key__in=originals).count() == translated.count() >= 40

    def test_keep_blocks_and_audiences_of_the_original(self):
        for page in NewsPage.objects.filter(locale__language_code="de"):
            original = page.get_translations().get(locale__language_code="en-gb").specific
            kinds = [[(block["type"], block["id"]) for block in one.body.raw_data] for one in (page, original)]
            assert kinds[0] == kinds[1], page.title


class TestCatalogue:
    @pytest.mark.parametrize("language", ["de", "nl"])
    def test_leaves_no_string_untranslated(self, language):
        po = polib.pofile(str(settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"))
        assert [entry.msgid for entry in [*po.untranslated_entries(), *po.fuzzy_entries()]] == []


class TestPersona:
    @pytest.mark.parametrize(
        ("persona", "start", "language", "said"),
        [
            ("joiner", "/de/", "de", "Neuigkeiten für mich"),
            ("shift", "/nl/", "nl", "Nieuws voor mij"),
            ("head", "/", "en-gb", "News for me"),
        ],
    )
    def test_starts_in_their_own_language(self, visit, client, persona, start, language, said):
        response = visit(persona, language="")
        assert (response["Location"] if response.status_code == 302 else "/") == start
        shown = text(client.get(start))
        assert f'<html lang="{language}">' in shown
        assert said in shown

    def test_reads_timeline_and_notifications_in_it(self, visit):
        assert "Tarn 9: die leiseste Pumpe" in text(visit("joiner", "/people/news/", ""))
        assert "Tarn 9: de stilste pomp" in text(visit("shift", "/people/news/", ""))
        assert "Veilig en gezond werken" in text(visit("shift", "/people/me/notifications/", ""))

    def test_finds_hashtags_under_their_name_in_it(self, visit):
        assert "<h1>#Kantine</h1>" in text(visit("joiner", "/people/hashtags/canteen/", ""))
        assert "<h1>#canteen</h1>" in text(visit("head", "/people/hashtags/canteen/", ""))

    def test_is_told_in_lists_what_is_not_translated(self, visit):
        shown = text(visit("joiner", "/de/handbuch/", ""))
        assert REISEN in shown
        assert re.search(r'/handbook/pay-and-benefits/"[^>]*>Pay and benefits <span class="wp-other-language">', shown)
        assert TRAVEL not in shown

    def test_sees_each_page_once_in_lists(self, visit, client):
        visit("joiner", "/de/", "")
        for path in ("/de/neuigkeiten/", "/people/news/", "/de/"):
            links = set(re.findall(r'href="(/(?:de/)?n[\w-]+/[\w-]+/)"', text(client.get(path))))
            keys = [Page.objects.get(slug=link.split("/")[-2]).translation_key for link in links]
            assert len(keys) == len(set(keys)) > 2

    def test_is_shut_out_of_what_is_restricted_in_every_language(self, visit):
        management = Page.objects.get(slug="management", locale__language_code="en-gb")
        handbook = Page.objects.get(slug="handbuch")
        german = handbook.add_child(
            instance=type(management.specific)(
                title="Führung",
                slug="fuehrung",
                locale=handbook.locale,
                translation_key=management.translation_key,
            )
        )
        assert visit("shift", german.url, "").status_code == 404
        assert visit("head", german.url, "").status_code == 200


class TestPageThatIsMissingInMyLanguage:
    def test_is_shown_as_it_was_written_and_says_so(self, visit):
        shown = text(visit("joiner", SHIFT_WORK, ""))
        assert '<html lang="de">' in shown
        assert "Diese Seite gibt es noch nicht in deiner Sprache, darum liest du sie auf Englisch." in shown
        assert "Night premium" in shown or "Shift work" in shown

    def test_says_where_the_translation_is_if_there_is_one(self, visit):
        shown = text(visit("joiner", TRAVEL, ""))
        assert f'<a href="{REISEN}">In deiner Sprache lesen</a>' in shown

    def test_says_nothing_in_my_language(self, visit):
        assert "other-language" not in text(visit("joiner", REISEN, "")).partition("<main")[0]
        assert "other-language" not in text(visit("head", TRAVEL, "")).partition("<main")[0]


class TestLanguage:
    def test_of_the_address_goes_first(self, visit):
        assert '<html lang="nl">' in text(visit("joiner", PLOEGENDIENST, ""))

    def test_of_the_profile_goes_before_the_browser(self, visit, client):
        visit("joiner", "/", "")
        assert '<html lang="de">' in text(client.get("/search/", headers={"accept-language": "nl"}))

    def test_of_the_browser_holds_for_who_chose_none(self, client):
        assert '<html lang="nl">' in text(client.get("/search/", headers={"accept-language": "nl-BE,nl;q=0.9"}))
        editor = get_user_model().objects.get(username="marieke.jansen")
        client.force_login(editor)
        assert '<html lang="nl">' in text(client.get("/search/", headers={"accept-language": "nl-BE,nl;q=0.9"}))

    def test_of_the_site_holds_for_the_rest(self, client):
        assert '<html lang="en-gb">' in text(client.get("/search/", headers={"accept-language": "fi"}))

    def test_can_be_chosen_in_the_own_profile(self, visit, client):
        visit("editor", "/", "")
        assert 'name="language"' in text(client.get("/people/me/edit/"))
        EmployeeProfile.objects.filter(user__username="marieke.jansen").update(language="nl")
        assert '<html lang="nl">' in text(client.get("/search/"))


class TestSwitcher:
    def choose(self, client, language, **more):
        return client.post("/language/", {"language": language, "next": TRAVEL, **more})

    def test_leads_to_the_same_page_in_that_language(self, visit, client):
        visit("head", TRAVEL, "")
        page = Page.objects.get(slug="travel")
        assert self.choose(client, "de", page=page.pk)["Location"] == REISEN
        assert '<html lang="de">' in text(client.get("/search/"))

    def test_stays_where_there_is_no_translation(self, visit, client):
        visit("head", TRAVEL, "")
        assert self.choose(client, "nl", page=Page.objects.get(slug="travel").pk)["Location"] == TRAVEL

    def test_names_no_page_that_i_may_not_see(self, visit, client):
        visit("shift", "/", "")
        secret = Page.objects.get(slug="budget-round", locale__language_code="en-gb")
        assert self.choose(client, "de", page=secret.pk)["Location"] == TRAVEL

    @pytest.mark.parametrize("language", ["", "xx", "de; path=/"])
    def test_knows_only_the_languages_of_the_site(self, client, language):
        assert settings.LANGUAGE_COOKIE_NAME not in self.choose(client, language).cookies

    def test_never_leads_elsewhere(self, client):
        assert client.post("/language/", {"language": "de", "next": "//elsewhere.example"})["Location"] == "/"

    def test_asks_for_a_post(self, client):
        assert client.get("/language/").status_code == 405

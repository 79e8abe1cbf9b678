"""Hashtags in the admin: those added to a page, and looking after all of them."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import PageLogEntry

from tests.builders import page, person, user
from tests.doors.viewers import editor_of_all_pages
from tests.streams.test_hashtag_page import signed_in, tagged
from tests.streams.test_hashtag_uses import hashtags
from wagtail_personalize.streams.models import Hashtag

pytestmark = pytest.mark.django_db


def admin(*permissions):
    someone = user(is_staff=True)
    for codename in ("access_admin", *permissions):
        someone.user_permissions.add(Permission.objects.get(codename=codename))
    return signed_in(someone)


def superuser():
    return signed_in(user(is_superuser=True, is_staff=True))


def address_of(found):
    return reverse("personalize_streams:page_hashtags", args=[found.pk])


class TestAdding:
    def test_takes_effect_at_once_and_is_logged(self):
        found, client = tagged("#text"), superuser()
        response = client.post(address_of(found), {"hashtags": "#Added, other  ＃text"}, follow=True)
        assert "were saved" in response.content.decode()
        assert hashtags(found) == {"text", "added", "other"}
        assert "#Added" in client.get(address_of(found)).content.decode()
        entry = PageLogEntry.objects.get(action="wagtail_personalize.hashtags")
        assert "#Added" in entry.formatter.format_message(entry)

    def test_survives_publishing_and_can_be_taken_back(self):
        found, client = tagged("A page"), superuser()
        client.post(address_of(found), {"hashtags": "kept"})
        found.save_revision().publish()
        assert hashtags(found) == {"kept"}
        client.post(address_of(found), {"hashtags": ""})
        assert hashtags(found) == set()

    @pytest.mark.parametrize("typed", ["a-b", "123", "<script>", " ".join(f"a{number}" for number in range(31))])
    def test_refuses_what_is_none(self, typed):
        found = tagged("A page")
        response = superuser().post(address_of(found), {"hashtags": typed})
        assert response.status_code == 200
        assert hashtags(found) == set()

    def test_gives_a_draft_nothing_before_it_is_published(self):
        found = page("A draft", live=False)
        superuser().post(address_of(found), {"hashtags": "early"})
        assert hashtags(found) == set()
        found.save_revision().publish()
        assert hashtags(found) == {"early"}

    def test_is_for_those_who_may_publish_the_page(self):
        found = tagged("A page")
        assert admin().post(address_of(found), {"hashtags": "x"}).status_code == 302
        assert hashtags(found) == set()
        someone = editor_of_all_pages()
        someone.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client = signed_in(someone)
        assert address_of(found) in client.get(reverse("wagtailadmin_pages:edit", args=[found.pk])).content.decode()
        client.post(address_of(found), {"hashtags": "x"})
        assert hashtags(found) == {"x"}


class TestLookingAfter:
    def edit(self, client, hashtag, **changes):
        data = {"label": hashtag.label, "synonym_of": "", **changes}
        return client.post(reverse("personalize_hashtags:edit", args=[hashtag.pk]), data)

    def test_lists_hashtags_with_the_number_of_their_pages(self):
        tagged("One #news")
        tagged("Two #news")
        found = superuser().get(reverse("personalize_hashtags:index")).content.decode()
        assert "#news" in found

    def test_takes_the_permission(self):
        tagged("#news")
        assert admin().get(reverse("personalize_hashtags:index")).status_code == 302
        assert admin("view_hashtag").get(reverse("personalize_hashtags:index")).status_code == 200
        hashtag = Hashtag.objects.get()
        self.edit(admin("view_hashtag"), hashtag, blocked="on")
        assert not Hashtag.objects.get().blocked
        self.edit(admin("change_hashtag"), hashtag, blocked="on")
        assert Hashtag.objects.get().blocked

    def test_corrects_the_spelling_but_not_the_word(self):
        tagged("#news")
        hashtag, client = Hashtag.objects.get(), superuser()
        self.edit(client, hashtag, label="other")
        assert Hashtag.objects.get().label == "news"
        self.edit(client, hashtag, label="#NEWS")
        assert Hashtag.objects.get().label == "NEWS"

    def test_lets_one_stand_for_another(self):
        tagged("#news #nachrichten")
        news, other = Hashtag.objects.get(key="news"), Hashtag.objects.get(key="nachrichten")
        self.edit(superuser(), other, synonym_of=news.pk)
        other.refresh_from_db()
        assert other.synonym_of == news
        self.edit(superuser(), news, synonym_of=news.pk)
        news.refresh_from_db()
        assert news.synonym_of is None

    def test_adds_one_before_anybody_used_it(self):
        superuser().post(reverse("personalize_hashtags:add"), {"label": "#Banned", "synonym_of": "", "blocked": "on"})
        found = tagged("#banned")
        assert hashtags(found) == {"banned"}
        assert signed_in(person()).get("/people/hashtags/banned/").status_code == 404

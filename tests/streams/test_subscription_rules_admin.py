"""Auto-subscription in the admin: at a page, at a segment, with figures, questions and rights."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission

from tests.builders import page, person, segment
from tests.streams.subscribing import change, followed, level, rule
from tests.streams.test_hashtag_admin import admin, superuser
from tests.streams.test_hashtag_page import tagged
from wagtail_personalize.streams.automatic import rules
from wagtail_personalize.streams.automatic.models import Mode, SubscriptionRule
from wagtail_personalize.streams.models import Hashtag
from wagtail_personalize.streams.subscribing.models import Given

pytestmark = pytest.mark.django_db


def at_page(it):
    return reverse("personalize_streams:page_rules", args=[it.pk])


def at_segment(one):
    return reverse("personalize_streams:segment_rules", args=[one.pk])


def one_rule():
    return reverse("personalize_streams:rule", args=[SubscriptionRule.objects.get().pk])


def text(response):
    return response.content.decode()


class TestAtPage:
    def test_subscribes_people_and_says_how_many(self):
        ada, it, finance = person(department="Finance"), page("Figures"), segment("Finance")
        client, sent = superuser(), {"segment": finance.pk, "mode": 2, "grace_days": 7}
        assert "1 person will be subscribed now." in text(client.post(at_page(it), {**sent, "do": "look"}))
        assert not SubscriptionRule.objects.exists()
        assert "1 person will be subscribed now." in text(client.post(at_page(it), sent, follow=True))
        assert followed(ada) == ["Figures"]
        assert SubscriptionRule.objects.get().grace_days == 7
        assert one_rule() in text(client.get(at_page(it)))

    def test_has_a_button_in_the_editor(self):
        it = page("Figures")
        assert at_page(it) in text(superuser().get(reverse("wagtailadmin_pages:edit", args=[it.pk])))

    def test_asks_above_a_number_of_people(self, monkeypatch):
        monkeypatch.setattr(rules, "ASK_ABOVE", 1)
        people = [person(department="Finance") for _number in range(2)]
        it, finance = page("Figures"), segment("Finance")
        client, sent = superuser(), {"segment": finance.pk, "mode": 2, "grace_days": 0}
        asked = text(client.post(at_page(it), sent))
        assert "2 people will be subscribed now." in asked
        assert "Yes, subscribe them" in asked
        assert followed(people[0]) == []
        client.post(at_page(it), {**sent, "do": "confirm"})
        assert followed(people[0]) == ["Figures"]

    def test_tells_rounded_figures_to_who_may_not_see_members(self):
        it, finance = page("Figures"), segment("Finance")
        for _number in range(7):
            person(department="Finance")
        client = admin("change_subscriptionrule")
        someone = client.get("/admin/").wsgi_request.user
        someone.groups.add(_publishers(it))
        asked = text(client.post(at_page(it), {"segment": finance.pk, "mode": 2, "grace_days": 0}))
        assert "at least 5 people" in asked
        assert "7 people" not in asked
        assert "Yes, subscribe them" in asked

    def test_is_for_who_may_publish_and_subscribe(self):
        it = page("Figures")
        publisher = admin()
        publisher.get("/admin/").wsgi_request.user.groups.add(_publishers(it))
        for client in (admin("change_subscriptionrule"), publisher, admin()):
            assert client.get(at_page(it), follow=True).redirect_chain
        assert superuser().get(at_page(it.get_parent())).status_code == 404

    def test_offers_mandatory_only_to_who_may(self):
        it, finance = page("Figures"), segment("Finance")
        client = admin("change_subscriptionrule")
        client.get("/admin/").wsgi_request.user.groups.add(_publishers(it))
        assert "Mandatory:" not in text(client.get(at_page(it)))
        client.post(at_page(it), {"segment": finance.pk, "mode": 3, "grace_days": 0, "do": "confirm"})
        assert not SubscriptionRule.objects.exists()
        assert "Mandatory:" in text(superuser().get(at_page(it)))


class TestOneRule:
    def test_asks_what_happens_to_the_people_when_it_is_switched_off(self):
        ada, it, finance = person(department="Finance"), page("Figures"), segment("Finance")
        rule(finance, it, Mode.MANDATORY)
        client = superuser()
        asked = text(client.post(one_rule(), {"mode": 0, "grace_days": 0}))
        assert "This rule holds for 1 person." in asked
        assert "They stay subscribed and may leave" in asked
        client.post(one_rule(), {"mode": 0, "grace_days": 0, "do": "confirm", "keep_people": "keep"})
        assert followed(ada) == ["Figures"]
        change(ada, department="HR")
        assert followed(ada) == ["Figures"]

    def test_may_end_it_for_them(self):
        ada, it = person(department="Finance"), page("Figures")
        rule(segment("Finance"), it)
        superuser().post(one_rule(), {"mode": 0, "grace_days": 0, "do": "confirm", "keep_people": "end"})
        assert level(ada, it) == Given.NOTHING

    def test_refuses_self_chosen_segments_in_a_sentence(self):
        chosen = segment("Chess", {"all": [{"attribute": "motto", "operator": "contains", "value": "chess"}]})
        rule(chosen, page("Club"))
        answer = text(superuser().post(one_rule(), {"mode": 3, "grace_days": 0}))
        assert "cannot make anything mandatory" in answer


class TestAtSegment:
    def test_subscribes_to_a_page_or_a_hashtag(self):
        ada, it, finance = person(department="Finance"), page("Figures"), segment("Finance")
        tagged("#news")
        client = superuser()
        client.post(at_segment(finance), {"page": it.pk, "mode": 2, "grace_days": 0})
        client.post(at_segment(finance), {"hashtag": "#NEWS", "mode": 2, "grace_days": 0})
        assert followed(ada) == ["Figures", str(Hashtag.objects.get())]
        assert "one of them" in text(client.post(at_segment(finance), {"mode": 2, "grace_days": 0}))
        assert "no such hashtag" in text(client.post(at_segment(finance), {"hashtag": "x", "mode": 2, "grace_days": 0}))

    def test_is_reached_from_the_segment_and_told_as_its_use(self):
        finance = segment("Finance")
        rule(finance, page("Figures"))
        about = text(superuser().get(reverse("personalize_segments:inspect", args=[finance.pk])))
        assert at_segment(finance) in about
        assert "Figures (On)" in about
        assert admin("view_segment").get(at_segment(finance)).status_code == 302

    def test_links_only_the_rules_that_the_editor_may_open(self):
        finance, mine = segment("Finance"), page("Figures")
        rule(finance, mine)
        rule(finance, page("Menu"))
        client = admin("change_subscriptionrule", "change_segment")
        client.get("/admin/").wsgi_request.user.groups.add(_publishers(mine))
        for address in (at_segment(finance), "/admin/personalize/auto-subscription-rules/"):
            answer = text(client.get(address))
            assert "Menu" in answer
            links = [reverse("personalize_streams:rule", args=[one.pk]) for one in SubscriptionRule.objects.all()]
            (link,) = [link for link in links if f'href="{link}"' in answer]
            assert client.get(link).status_code == 200

    def test_takes_only_pages_that_the_editor_may_publish(self):
        client = admin("change_subscriptionrule", "change_segment")
        answer = client.post(at_segment(segment("Finance")), {"page": page("Figures").pk, "mode": 2, "grace_days": 0})
        assert "only to pages that you may publish" in text(answer)


def _publishers(it):
    group = Group.objects.create(name=f"Publishers of {it}")
    for codename in ("change_page", "publish_page"):
        permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=it, permission=permission)
    return group

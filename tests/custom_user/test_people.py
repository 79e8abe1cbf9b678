import pytest
from django.core.checks import ERROR, run_checks
from django.urls import reverse

from wagtail_personalize import people
from wagtail_personalize.hookspecs import profiles_changed
from wagtail_personalize.people import closure
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.models import FoldedValue, ReportingLine, TreePath
from wagtail_personalize.people.values import choices_for, display_value

from .builders import account, member
from .models import Interest, Member, Speaks, Team, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    calls = []

    def listen(person_ids, attributes, **kwargs):
        calls.append((None if person_ids is None else set(person_ids), attributes))

    profiles_changed.connect(listen)
    yield calls
    profiles_changed.disconnect(listen)


def line():
    rows = ReportingLine.objects.values_list("manager__full_name", "person__full_name", "depth")
    return {f"{manager} > {person} ({depth})" for manager, person, depth in rows}


class TestDeclaration:
    def test_has_no_errors(self):
        assert [message for message in run_checks(tags=["personalize_people"]) if message.is_serious(ERROR)] == []


class TestReportingLine:
    def test_may_name_users_as_managers(self):
        boss = member("Boss")
        head = member("Head", boss=boss)
        member("Clerk", boss=head)
        expected = {"Boss > Head (1)", "Head > Clerk (1)", "Boss > Clerk (2)"}
        assert line() == expected
        closure.rebuild_reporting_line()
        assert line() == expected

    def test_reaches_managers_without_a_profile_and_skips_profiles_without_a_user(self):
        owner = account("Owner")
        member("Head", boss=owner)
        Member.objects.create(number="nobody", boss=owner)
        closure.rebuild_reporting_line()
        assert line() == {"Owner > Head (1)"}

    def test_forgets_a_manager_who_is_deleted(self):
        boss = member("Boss")
        head = member("Head", boss=boss)
        member("Clerk", boss=head)
        head.delete()
        assert line() == set()


class TestTree:
    def test_with_keys_that_are_no_numbers_finds_people_below(self, heard):
        company = Team.objects.create(name="Company")
        shop = Team.objects.create(name="Shop", above=company)
        anna = member("Anna", team=shop)
        heard.clear()
        other = Team.objects.create(name="Other")
        shop.above = other
        shop.save()
        assert heard == [({anna.pk}, {"team"})]
        pairs = {(closure.node_key(a.pk), closure.node_key(d.pk)) for a, d in [(other, shop), (shop, shop)]}
        below = TreePath.objects.filter(descendant=closure.node_key(shop.pk)).values_list("ancestor", "descendant")
        assert set(below) == pairs

    def test_deleted_with_everything_below_reaches_the_people(self, heard):
        company = Team.objects.create(name="Company")
        anna = member("Anna", team=Team.objects.create(name="Shop", above=company))
        heard.clear()
        company.delete()
        assert {frozenset(ids) for ids, _ in heard} == {frozenset({anna.pk})}
        assert not TreePath.objects.exists()


class TestToManyTexts:
    def test_are_kept_folded_and_announced(self, heard):
        anna = member("Anna", languages=["Español"])
        assert heard[-1] == ({anna.pk}, {"languages"})
        assert FoldedValue.objects.get(attribute="languages").folded == "espanol"

    def test_given_to_somebody_else_reach_both(self, heard):
        anna, berta = member("Anna", languages=["Español"]), member("Berta")
        spoken = Speaks.objects.get()
        heard.clear()
        spoken.member = berta.member
        spoken.save()
        spoken.delete()
        assert heard == [({anna.pk, berta.pk}, {"languages"}), ({berta.pk}, {"languages"})]

    def test_are_offered_and_displayed(self):
        anna = member("Anna", languages=["Nederlands", "Deutsch"])
        languages = get_declaration().get("languages")
        assert display_value(anna.member, languages) == "Deutsch, Nederlands"
        assert choices_for(languages, "DEUT") == [("Deutsch", "Deutsch")]


class TestManyToManyWithAModelOfItsOwn:
    def test_is_announced_however_it_is_written(self, heard):
        anna, chess = member("Anna"), Topic.objects.create(title="Chess")
        heard.clear()
        interest = Interest.objects.create(member=anna.member, topic=chess)
        interest.delete()
        anna.member.topics.add(chess)
        chess.members.clear()
        chess.members.add(anna.member)
        chess.delete()
        assert [entry for entry in heard if entry != ({anna.pk}, {"topics"})] == []
        assert len(heard) >= 6


class TestChanges:
    def test_of_an_account_name_the_attributes_over_it(self, heard):
        anna = member("Anna")
        heard.clear()
        anna.email = "new@example.com"
        anna.save()
        assert heard == [({anna.pk}, {"email", "reports_to"})]

    def test_of_an_account_without_a_profile_say_nothing(self, heard):
        someone = account()
        someone.email = "new@example.com"
        someone.save()
        someone.delete()
        assert heard == []

    def test_in_bulk_may_name_accounts(self, heard):
        anna = member("Anna")
        heard.clear()
        people.changed(type(anna).objects.all())
        assert heard == [({anna.pk}, None)]


class TestPages:
    @pytest.fixture
    def me(self, client):
        someone = member("Zoë Zürn", languages=["Deutsch"], team="Shop")
        client.force_login(someone)
        return someone

    def test_find_show_and_edit_people(self, client, me):
        member("Anna", active=False)
        directory = reverse("wagtail_personalize:directory")
        for query in ({"q": "zurn"}, {"languages": "deutsch"}, {"team": "Shop"}):
            assert [card.user for card in client.get(directory, query).context["cards"]] == [me]
        assert client.get(reverse("wagtail_personalize:person", args=[me.pk])).status_code == 200
        client.post(reverse("wagtail_personalize:edit_me"), {"nickname": "Zo", "number": "M-0", "account": ""})
        assert Member.objects.get(account=me).nickname == "Zo"
        assert "Zo" in client.get(reverse("wagtail_personalize:me")).content.decode()

    @pytest.mark.parametrize("key", ["1", "x", "00000000-0000-0000-0000-000000000000"])
    def test_of_nobody_are_missing(self, client, me, key):
        assert client.get(reverse("wagtail_personalize:person", args=[key])).status_code == 404

    def test_are_there_without_a_profile(self, client):
        client.force_login(account("Anna"))
        for name in ("directory", "me"):
            assert client.get(reverse(f"wagtail_personalize:{name}")).status_code == 200

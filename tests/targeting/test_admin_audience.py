"""The audience of a page, as an editor sets it over HTTP."""

import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import GroupPagePermission

from tests.builders import audience, home, note, page, person, segment, targeted_page, user
from tests.intranet.models import OtherPage, StandardPage
from wagtail_personalize.privacy.limits import take_live_size
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.refresh import ensure_today
from wagtail_personalize.targeting.audiences import Clause, clauses_of
from wagtail_personalize.targeting.blocks.audience_field import AudienceField
from wagtail_personalize.targeting.models import PageAudience
from wagtail_personalize.targeting.page_audiences import page_audience, set_page_audience

pytestmark = pytest.mark.django_db


def editor(*permissions, publish=True):
    """An editor who may work on everything below the home page."""
    someone = user()
    group = Group.objects.create(name=f"editors {someone.pk}")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    group.permissions.add(*Permission.objects.filter(codename__in=permissions))
    for codename in ("add_page", "change_page", *(["publish_page"] if publish else [])):
        permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=home(), permission=permission)
    someone.groups.add(group)
    return someone


def chosen(**parts):
    """The form as a browser sends it."""
    sent = {}
    for name in ("recommend", "restrict"):
        for part in ("include", "exclude"):
            segments = parts.get(f"{name}_{part}", [])
            sent[f"{name}-{part}"] = json.dumps([str(s.uuid) for s in segments])
    return sent


@pytest.fixture
def it():
    person("ann", department="IT")
    return segment("IT")


@pytest.fixture
def boss(client):
    someone = editor("restrict_pages", "view_members")
    client.force_login(someone)
    return someone


class TestPageAudienceView:
    @pytest.mark.parametrize("model", [StandardPage, OtherPage])
    def test_restricts_a_page_of_every_type_at_once(self, client, boss, it, model):
        target = page("Keys", model=model)
        url = reverse("personalize_targeting:page_audience", args=[target.pk])
        assert client.post(url, chosen(restrict_include=[it])).status_code == 302
        client.logout()
        assert client.get(target.url).status_code == 302
        client.force_login(person("ben", department="HR"))
        assert client.get(target.url).status_code == 404

    def test_says_whom_it_reaches(self, client, boss, it):
        target = page("Keys")
        url = reverse("personalize_targeting:page_audience", args=[target.pk])
        answer = client.post(url, chosen(restrict_include=[it]), follow=True)
        assert "It reaches 1 person." in answer.content.decode()

    def test_shows_what_was_chosen(self, client, boss, it):
        target = page("Keys")
        url = reverse("personalize_targeting:page_audience", args=[target.pk])
        client.post(url, chosen(recommend_include=[it]))
        assert str(it.uuid) in client.get(url).content.decode()

    def test_lifts_when_everything_is_empty(self, client, boss, it):
        target = page("Keys")
        url = reverse("personalize_targeting:page_audience", args=[target.pk])
        client.post(url, chosen(restrict_include=[it], recommend_include=[it]))
        client.post(url, chosen())
        assert not PageAudience.objects.exists()

    def test_refuses_a_segment_that_people_choose_themselves_and_keeps_the_choice(self, client, boss):
        reds = segment("Reds", {"all": [{"attribute": "motto", "operator": "is", "value": "red"}]})
        target = page("Keys")
        url = reverse("personalize_targeting:page_audience", args=[target.pk])
        answer = client.post(url, chosen(restrict_include=[reds]))
        assert answer.status_code == 200
        assert "may recommend a page but not restrict it" in answer.content.decode()
        assert str(reds.uuid) in answer.content.decode()
        assert not PageAudience.objects.exists()

    def test_recommends_a_page_whose_restriction_became_self_chosen(self, client, boss, it):
        target = page("Keys")
        url = reverse("personalize_targeting:page_audience", args=[target.pk])
        client.post(url, chosen(restrict_include=[it]))
        Segment.objects.filter(pk=it.pk).update(self_chosen=True)
        client.force_login(editor())
        assert client.post(url, chosen(recommend_include=[it])).status_code == 302
        assert PageAudience.objects.get().access is not None

    def test_shows_what_the_page_inherits(self, client, boss, it):
        section = page("Section")
        child = page("Child", parent=section)
        client.post(reverse("personalize_targeting:page_audience", args=[section.pk]), chosen(restrict_include=[it]))
        body = client.get(reverse("personalize_targeting:page_audience", args=[child.pk])).content.decode()
        assert "Section" in body
        assert "Only those who may open the pages above it" in body

    def test_needs_the_permission_to_publish(self, client, it):
        target = page("Keys")
        client.force_login(editor("restrict_pages", publish=False))
        url = reverse("personalize_targeting:page_audience", args=[target.pk])
        client.post(url, chosen(restrict_include=[it]))
        assert not PageAudience.objects.exists()

    def test_without_the_permission_to_restrict_only_recommends(self, client, it):
        target = page("Keys")
        client.force_login(editor())
        url = reverse("personalize_targeting:page_audience", args=[target.pk])
        client.post(url, chosen(restrict_include=[it], recommend_include=[it]))
        saved = PageAudience.objects.get()
        assert saved.access is None
        assert saved.recommendation is not None

    def test_without_the_permission_to_restrict_lifts_nothing(self, client, boss, it):
        target = page("Keys")
        url = reverse("personalize_targeting:page_audience", args=[target.pk])
        client.post(url, chosen(restrict_include=[it]))
        client.force_login(editor())
        client.post(url, chosen())
        assert PageAudience.objects.get().access is not None

    @pytest.mark.parametrize("permissions", [[], ["restrict_pages"]])
    def test_keeps_several_choices_when_only_the_recommendation_changes(self, client, it, permissions):
        target = page("Keys")
        both = {Clause.of([it]), Clause.of([], [segment("HR")])}
        set_page_audience(target, None, both, None)
        client.force_login(editor(*permissions))
        url = reverse("personalize_targeting:page_audience", args=[target.pk])
        shown = client.get(url)
        assert "several choices" in shown.content.decode()
        restrict = shown.context["form"].initial["restrict"]
        sent = {f"restrict-{part}": json.dumps(uuids) for part, uuids in restrict.items()}
        client.post(url, chosen(recommend_include=[it]) | sent)
        saved = PageAudience.objects.get()
        assert clauses_of(saved.access) == both
        assert saved.recommendation is not None

    @pytest.mark.parametrize("nonsense", ["[" * 100_000, '"\\ud800"', '{"include": ["\\ud800"]}'])
    def test_refuses_what_cannot_be_read(self, client, boss, nonsense):
        url = reverse("personalize_targeting:page_audience", args=[page("Keys").pk])
        answer = client.post(url, {"recommend": nonsense})
        assert answer.status_code == 200
        assert "This audience cannot be read." in answer.content.decode()

    @pytest.mark.parametrize("nonsense", ["[" * 100_000, '["\\ud800"]', "{", "null", '"x"', "[null]", '["x"]', None])
    @pytest.mark.parametrize("part", ["restrict-include", "restrict-exclude"])
    def test_never_takes_what_is_damaged_or_lost_for_everyone(self, client, boss, it, part, nonsense):
        keys = page("Keys")
        set_page_audience(keys, boss, Clause.of([it]), None)
        sent = {**chosen(restrict_include=[it]), part: nonsense}
        sent = {name: value for name, value in sent.items() if value is not None}
        answer = client.post(reverse("personalize_targeting:page_audience", args=[keys.pk]), sent)
        assert "This audience cannot be read." in answer.content.decode()
        assert page_audience(keys).access is not None

    def test_counts_its_sizes_among_the_live_ones(self, client, it, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "LIVE_SIZES": 2}
        client.force_login(editor("restrict_pages"))
        url = reverse("personalize_targeting:page_audience", args=[page("Keys").pk])
        bodies = []
        for segments in ([it], [], [it]):
            client.post(url, chosen(restrict_include=segments))
            bodies.append(client.get(url).content.decode())
        assert ["It reaches" in body for body in bodies] == [True, True, False]
        assert ["personalize-audience-status__reach" in body for body in bodies] == [True, False, False]
        assert "was saved." in bodies[2]


class TestPageEditor:
    def test_shows_the_status_and_the_way_to_change_it(self, client, boss, it):
        target = page("Keys", model=OtherPage)
        change = reverse("personalize_targeting:page_audience", args=[target.pk])
        client.post(change, chosen(restrict_include=[it]))
        body = client.get(reverse("wagtailadmin_pages:edit", args=[target.pk])).content.decode()
        assert change in body
        assert "personalize-audience-toggle__status" in body
        assert "Restricted" in body

    def test_opens_with_a_moment_out_of_all_time(self, client, boss):
        target = targeted_page(note("Old", audience(starts="0001-01-01T00:00")))
        answer = client.get(reverse("wagtailadmin_pages:edit", args=[target.pk]))
        assert answer.status_code == 200
        with pytest.raises(ValidationError, match="cannot be read"):
            AudienceField(required=False).clean(audience(starts="0001-01-01T00:00"))

    def test_of_an_untargeted_page_says_everyone(self, client, boss):
        body = client.get(reverse("wagtailadmin_pages:edit", args=[page("Open").pk])).content.decode()
        assert "For everyone" in body
        assert "personalize-audience-toggle__status" not in body


class TestChooser:
    def test_finds_segments_by_name_without_accents(self, client, boss):
        segment("Zürich", category=None)
        found = client.get(reverse("personalize_targeting:segment_choices"), {"q": "ZURI"}).json()["values"]
        assert [one["label"] for one in found] == ["Zürich"]

    def test_rounds_sizes_without_the_permission_to_see_members(self, client, it):
        client.force_login(editor())
        (one,) = client.get(reverse("personalize_targeting:segment_choices")).json()["values"]
        assert one["detail"] == "fewer than 5 people"

    def test_counts_the_reach_of_a_choice(self, client, boss, it):
        person(department="HR")
        url = reverse("personalize_targeting:reach")
        assert client.get(url, {"include": str(it.uuid)}).json() == {"reach": "1 person"}
        assert client.get(url, {"exclude": str(it.uuid)}).json() == {"reach": "1 person"}
        assert client.get(url).json() == {"reach": "2 people"}
        for nonsense in ("nonsense", "x" * 36, "\0" * 36):
            assert client.get(url, {"include": nonsense}).json() == {"reach": "0 people"}

    def test_stops_after_many_sizes(self, client, it, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "LIVE_SIZES": 1}
        client.force_login(editor())
        url = reverse("personalize_targeting:reach")
        assert "reach" in client.get(url).json()
        assert "problem" in client.get(url).json()

    def test_says_no_size_of_what_people_say_themselves(self, client, it):
        reds = segment("Reds", {"all": [{"attribute": "motto", "operator": "is", "value": "red"}]})
        within = segment("Within", {"all": [{"operator": "in_segment", "value": reds.slug}]})
        url = reverse("personalize_targeting:reach")
        client.force_login(editor())
        assert "problem" in client.get(url, {"exclude": str(within.uuid)}).json()
        assert "reach" in client.get(url, {"include": str(it.uuid)}).json()
        client.force_login(editor("view_members"))
        assert "reach" in client.get(url, {"exclude": str(within.uuid)}).json()

    def test_brings_the_sizes_up_to_today_first(self, client, boss):
        client.get(reverse("personalize_targeting:segment_choices"))
        assert not ensure_today()

    def test_is_closed_to_people_who_edit_nothing(self, client):
        someone = user()
        someone.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(someone)
        for name in ("segment_choices", "reach", "report"):
            assert client.get(reverse(f"personalize_targeting:{name}")).status_code in {302, 403}


class TestReport:
    def test_lists_every_targeted_page_with_words_and_reach(self, client, boss, it):
        target = page("Keys")
        page("Open")
        change = reverse("personalize_targeting:page_audience", args=[target.pk])
        client.post(change, chosen(restrict_include=[it]))
        body = client.get(reverse("personalize_targeting:report")).content.decode()
        assert "Keys" in body
        assert "1 person" in body
        assert "Open" not in body

    @pytest.mark.parametrize("count", [2, 12])
    def test_asks_the_same_number_of_queries_for_many_pages(
        self, client, boss, it, count, django_assert_max_num_queries
    ):
        for number in range(count):
            target = page(f"Keys {number}")
            change = reverse("personalize_targeting:page_audience", args=[target.pk])
            client.post(change, chosen(restrict_include=[it]))
        client.get(reverse("personalize_targeting:report"))
        with django_assert_max_num_queries(60):
            client.get(reverse("personalize_targeting:report"))

    def report(self, client):
        return client.get(reverse("personalize_targeting:report")).content.decode()

    def test_tells_no_size_of_what_people_say_about_themselves(self, client, boss):
        person("ann", motto="judo")
        judo = segment("Judo", {"all": [{"attribute": "motto", "operator": "is", "value": "judo"}]})
        set_page_audience(page("Mats"), boss, None, Clause.of([judo]))
        assert "1 person" in self.report(client)
        client.force_login(editor())
        told = self.report(client)
        assert "Mats" in told
        assert "people" not in told.split("Mats", 1)[1].split("</tr>")[0]

    def test_tells_no_more_sizes_when_they_are_used_up(self, client, boss, it, settings):
        set_page_audience(page("Keys"), boss, Clause.of([it]), None)
        someone = editor()
        client.force_login(someone)
        assert "fewer than 5 people" in self.report(client)
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "LIVE_SIZES": 1}
        assert take_live_size(someone)
        assert "fewer than 5 people" not in self.report(client)

    def test_is_empty_with_a_hint(self, client, boss):
        assert "No page has an audience" in client.get(reverse("personalize_targeting:report")).content.decode()

    def test_exports_without_formulas(self, client, boss, it):
        Segment.objects.filter(pk=it.pk).update(name="=1+1")
        target = page("@evil")
        change = reverse("personalize_targeting:page_audience", args=[target.pk])
        client.post(change, chosen(restrict_include=[it]))
        answer = client.get(reverse("personalize_targeting:report"), {"export": "csv"})
        line = b"".join(answer.streaming_content).decode().splitlines()[1]
        assert line.startswith("'@evil,'=1+1,")

"""All rules of auto-subscription in one list of the admin."""

import pytest

from tests.builders import page, person, segment
from tests.streams.subscribing import rule
from tests.streams.test_hashtag_admin import admin, superuser
from wagtail_personalize.streams.automatic.models import Mode

pytestmark = pytest.mark.django_db

LIST = "/admin/personalize/auto-subscription-rules/"


@pytest.fixture
def rules(db):
    """Two people in Finance, who have to follow the figures; the menu is offered to HR."""
    for _number in range(2):
        person(department="Finance")
    finance, hr = segment("Finance"), segment("HR")
    rule(finance, page("Figures"), Mode.MANDATORY)
    rule(hr, page("Menu"), Mode.SUGGESTED)
    return finance, hr


def text(client, address=LIST):
    return client.get(address).content.decode()


class TestList:
    def test_tells_segment_source_mode_people_and_who_changed_it(self, rules):
        found = text(superuser())
        for words in ("Finance", "Figures", "Mandatory", "HR", "Menu", "Suggested"):
            assert words in found
        assert "2 people" in found

    def test_is_in_the_menu(self, rules):
        assert LIST in text(superuser(), "/admin/")

    def test_is_filtered(self, rules):
        finance, _hr = rules
        assert "Menu" not in text(superuser(), f"{LIST}results/?mode={Mode.MANDATORY.value}")
        assert "Menu" not in text(superuser(), f"{LIST}results/?segment={finance.pk}")
        assert "Figures" not in text(superuser(), f"{LIST}results/?source__kind=hashtag")

    def test_rounds_the_people_for_who_may_not_see_members(self, rules):
        found = text(admin("change_subscriptionrule", "change_segment"))
        assert "fewer than 5" in found
        assert "2 people" not in found

    @pytest.mark.parametrize("held", [[], ["change_subscriptionrule"], ["change_segment"]], ids=str)
    def test_is_for_who_may_change_rules_and_manages_segments(self, rules, held):
        client = admin(*held)
        assert client.get(LIST).status_code == 302
        assert LIST not in text(client, "/admin/")

    def test_is_exported_without_formulas(self, rules):
        rule(segment("=1+1", {"all": [{"attribute": "department", "operator": "is", "value": "x"}]}), page("More"))
        lines = b"".join(superuser().get(f"{LIST}?export=csv").streaming_content).decode().splitlines()
        assert lines[0].startswith("People in,Subscribed to,Mode")
        assert any(line.startswith("'=1+1,More,On") for line in lines)
        assert any(line.startswith("Finance,Figures,Mandatory,At once,2") for line in lines)

    def test_takes_as_many_queries_for_many_as_for_few(self, rules, django_assert_num_queries):
        client = superuser()
        text(client)
        with django_assert_num_queries(15):
            text(client)
        for number in range(3):
            rule(segment(f"Segment {number}"), page(f"Page {number}"))
        text(client)
        with django_assert_num_queries(15):
            text(client)

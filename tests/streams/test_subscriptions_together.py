"""A subscription changes while a rule is being applied: real connections, in threads."""

import pytest
from django.db import connection, transaction

from tests.builders import page, person, segment
from tests.segments.test_refresh_together import is_waiting, threads  # noqa: F401
from tests.streams.subscribing import choose, level, rule
from wagtail_personalize.streams.automatic.models import Mode
from wagtail_personalize.streams.models import Subscription
from wagtail_personalize.streams.subscribing.choosing import IsMandatory
from wagtail_personalize.streams.subscribing.models import Level

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="the tests' SQLite is in the memory of one process"),
]


class TestRuleAndPerson:
    def test_wait_for_each_other_and_nothing_is_lost(self, threads):  # noqa: F811
        ada, finance, it = person(department="Finance"), segment("Finance"), page("Figures")
        with transaction.atomic():
            rule(finance, it)
            following = threads(lambda: choose(ada, it, Level.ALL))
            assert is_waiting(following)
        assert following.result()
        row = Subscription.objects.get()
        assert (row.own, row.given, row.level) == (Level.ALL, Mode.ON, Level.ALL)

        with transaction.atomic():
            choose(ada, it, Level.OFF)
            making = threads(lambda: rule(finance, it, Mode.MANDATORY))
            assert is_waiting(making)
        making.result()
        row = Subscription.objects.get()
        assert (row.own, row.given, row.level) == (Level.OFF, Mode.MANDATORY, Level.NORMAL)

        with transaction.atomic():
            rule(finance, it, Mode.OFF)
            leaving = threads(lambda: choose(ada, it, Level.NORMAL))
            assert is_waiting(leaving)
        assert leaving.result()
        assert level(ada, it) == Level.NORMAL

    def test_that_leaves_meanwhile_is_refused_what_became_mandatory(self, threads):  # noqa: F811
        ada, finance, it = person(department="Finance"), segment("Finance"), page("Figures")
        choose(ada, it)
        with transaction.atomic():
            rule(finance, it, Mode.MANDATORY)
            leaving = threads(lambda: choose(ada, it, Level.OFF))
            assert is_waiting(leaving)
        with pytest.raises(IsMandatory):
            leaving.result()
        assert level(ada, it) == Level.NORMAL

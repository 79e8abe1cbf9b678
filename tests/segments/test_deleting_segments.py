"""What the database does not check: no membership outlives its segment (see docs/decisions/0005)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import person
from wagtail_personalize.segments.models import Membership, PastMembership, Segment, StateVersion

pytestmark = pytest.mark.django_db


class TestDeletedSegment:
    @pytest.fixture
    def segment(self):
        people = [person(department=name) for name in ("IT", "IT", "Legal")]
        rule = {"all": [{"attribute": "department", "operator": "is", "value": "IT"}]}
        segment = Segment.objects.create(name="IT", slug="it", rule=rule)
        people[0].staff.department = "Legal"
        people[0].staff.save()
        assert (Membership.objects.count(), PastMembership.objects.count()) == (1, 1)
        return segment

    @pytest.mark.parametrize("together", [False, True])
    def test_leaves_no_membership_and_no_history(self, segment, together):
        (Segment.objects.all() if together else segment).delete()
        assert not Membership.objects.exists()
        assert not PastMembership.objects.exists()

    def test_is_deleted_under_the_lock_of_whoever_writes_memberships(self, segment):
        with CaptureQueriesContext(connection) as captured:
            segment.delete()
        statements = [query["sql"] for query in captured]
        lock = next(n for n, sql in enumerate(statements) if StateVersion._meta.db_table in sql)
        assert lock < next(n for n, sql in enumerate(statements) if sql.startswith("DELETE"))

"""The sample site leaks nothing: neither to those who try nor to those who read its sources."""

import json
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

pytestmark = [pytest.mark.django_db, pytest.mark.once]


class TestSampleSite:
    def test_tells_nobody_what_they_may_not_see(self):
        out, err = StringIO(), StringIO()
        call_command("check_leaks", people=2, limit=60, json=True, stdout=out, stderr=err)
        assert json.loads(out.getvalue()) == []
        assert "60 addresses" in err.getvalue()
        assert "failed" not in err.getvalue()

    def test_has_nothing_that_goes_past_the_one_door(self):
        messages = run_checks(include_deployment_checks=True)
        assert [message for message in messages if message.id.startswith("personalize_targeting.")] == []

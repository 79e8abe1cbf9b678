"""The import in the admin with accounts that have no user name and keys of their own kind."""

import pytest

from tests.people.importers import Wizard, address, private, texts
from tests.permissions import allowed
from wagtail_personalize.people.importing.models import ImportRun
from wagtail_personalize.privacy.models import LookAt

from .builders import account, member
from .models import Member

__all__ = ["private"]

pytestmark = pytest.mark.django_db


class TestWizard:
    def test_imports_members(self, client, private, django_capture_on_commit_callbacks):
        hanna = allowed(account("Hanna"), "run_import")
        client.force_login(hanna)
        wizard = Wizard(client, django_capture_on_commit_callbacks)
        bob = member("Bob", team="Sales")
        number = bob.member.number
        wizard.upload(f"Number,Full name,E-mail,Team,Boss\n{number},Robert,bob@x.org,,X1\nX1,Ada,ada@x.org,Sales,\n")
        assert wizard.last.mapping["match"] == "Number"
        wizard.columns(**{"create_users": "on", wizard.place("Boss"): "@manager", wizard.place("Team"): "team"})
        page = texts(wizard.page("preview"))
        assert "Full name: before: Bob → after: Robert" in page
        assert "Team: before: Sales → after: empty" in page
        assert "Manager: → after: X1" in page
        assert list(LookAt.objects.get().persons.all()) == [bob]
        wizard.confirm()
        run = ImportRun.objects.get()
        assert (run.by, run.counts["new"], run.counts["changed"]) == (hanna, 1, 1)
        assert Member.objects.get(number="X1").account.full_name == "Ada"
        assert "Hanna" in texts(client.get(address("index"), {"by": hanna.pk}))
        assert "Report" in texts(client.get(address("run", run.pk)))

import pytest

from tests.people.importers import Wizard, private
from tests.permissions import allowed

__all__ = ["private"]


@pytest.fixture
def importer(django_user_model):
    """Somebody who may enter the admin and import people, and nothing else."""
    hanna = django_user_model.objects.create_user("hanna", password="x", first_name="Hanna", last_name="HR")
    return allowed(hanna, "run_import")


@pytest.fixture
def wizard(client, importer, private, django_capture_on_commit_callbacks):
    client.force_login(importer)
    return Wizard(client, django_capture_on_commit_callbacks)

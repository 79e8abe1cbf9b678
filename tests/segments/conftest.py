"""Who works in the admin in these tests."""

import pytest
from django.contrib.auth import get_user_model


@pytest.fixture
def boss(client):
    """A superuser, signed in."""
    someone = get_user_model().objects.create_superuser("boss", email="boss@example.com")
    client.force_login(someone)
    return someone

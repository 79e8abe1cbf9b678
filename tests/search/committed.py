"""The full text of MariaDB holds what is committed, so there a test that searches must not stay in a transaction."""

import pytest
from django.conf import settings

_COMMITTED = settings.DATABASES["default"]["ENGINE"].endswith("mysql")
#: Such a test leaves an empty database behind, so each begins with a site of its own.
on_the_database = [pytest.mark.django_db(transaction=_COMMITTED), pytest.mark.usefixtures("a_site")]

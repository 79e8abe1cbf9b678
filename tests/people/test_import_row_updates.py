from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model

from tests.builders import person
from tests.intranet.models import Office, Staff
from wagtail_personalize.people.importing.batch.row_updates import update_rows

pytestmark = pytest.mark.django_db


class TestUpdateRows:
    def test_writes_values_of_every_kind_and_nothing_else(self):
        munich = Office.objects.create(code="muc", city="München")
        rows = [person(motto="Mine", job_title="Clerk").staff for _ in range(3)]
        wanted = [
            ("O'Hara \\ %s 🎉", 3, date(2020, 2, 29), True, munich.pk, None),
            ("", None, None, None, None, rows[0].pk),
            ("Zürich", -7, date(1999, 12, 31), False, munich.pk, rows[0].pk),
        ]
        names = ["department", "level", "hired", "remote", "office_id", "manager_id"]
        for row, values in zip(rows, wanted, strict=True):
            row.motto = "not written"
            for name, value in zip(names, values, strict=True):
                setattr(row, name, value)
        update_rows(rows, [name.removesuffix("_id") for name in names])
        assert list(Staff.objects.order_by("pk").values_list(*names)) == wanted
        assert set(Staff.objects.values_list("motto", "job_title")) == {("Mine", "Clerk")}

    def test_writes_moments(self):
        users = [person() for _ in range(2)]
        moments = [datetime(2020, 2, 29, 12, 30, tzinfo=UTC), None]
        for user, moment in zip(users, moments, strict=True):
            user.last_login = moment
        update_rows(users, ["last_login"])
        assert list(get_user_model().objects.order_by("pk").values_list("last_login", flat=True)) == moments

    def test_writes_more_rows_than_fit_into_a_statement(self):
        users = get_user_model().objects.bulk_create([get_user_model()(username=f"u{n}") for n in range(600)])
        for user in users:
            user.first_name, user.last_name = user.username, "x"
        update_rows(users, ["first_name", "last_name"])
        assert all(user.first_name == user.username for user in get_user_model().objects.all())

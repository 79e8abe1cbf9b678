from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from tests.builders import user
from tests.intranet.models import Office, Staff
from wagtail_personalize.people.importing.batch.row_inserts import insert_objects
from wagtail_personalize.people.many_rows import insert_rows

pytestmark = pytest.mark.django_db

MOMENT = datetime(2020, 2, 29, 12, 30, tzinfo=UTC)
NAMES = ["department", "job_title", "level", "hired", "remote", "office_id", "motto"]


def staff_of(values):
    return Staff(user=user(), staff_number=f"n{values[0]}", **dict(zip(NAMES, values, strict=True)))


class TestInsertObjects:
    def test_stores_values_of_every_kind_and_tells_each_its_key(self):
        munich = Office.objects.create(code="muc", city="München")
        wanted = [
            ("O'Hara \\ %s 🎉 {a,b}", "NULL", 3, date(2020, 2, 29), True, munich.pk, '"'),
            ("", None, None, None, None, None, "null"),
            ("Zürich", "", -7, date(1999, 12, 31), False, munich.pk, ""),
        ]
        made = [staff_of(values) for values in wanted]
        insert_objects(made, Staff._meta.get_field("staff_number"))
        assert [Staff.objects.values_list(*NAMES).get(pk=each.pk) for each in made] == wanted
        assert not any(each._state.adding for each in made)

    def test_stores_moments_and_defaults(self):
        users = [get_user_model()(username=f"u{n}", last_login=moment) for n, moment in enumerate([None, MOMENT])]
        insert_objects(users, get_user_model()._meta.get_field("username"))
        stored = get_user_model().objects.order_by("pk").values_list("last_login", "is_active", "date_joined")
        assert list(stored) == [(each.last_login, True, each.date_joined) for each in users]

    def test_leaves_unusual_models_to_django(self):
        field = Staff._meta.get_field("motto")
        field.db_default = "Go"
        try:
            made = staff_of(("", None, 1, None, None, None, "Stay"))
            insert_objects([made], Staff._meta.get_field("staff_number"))
        finally:
            field.db_default = type(field)().db_default
        assert Staff.objects.get(pk=made.pk).motto == "Stay"


class TestInsertRows:
    def test_writes_more_rows_than_fit_into_a_statement(self):
        insert_rows(Office, ["code", "city", "country"], [(f"c{n}", "Bern", "") for n in range(450)])
        assert set(Office.objects.values_list("code", flat=True)) == {f"c{n}" for n in range(450)}

    def test_makes_no_statement_without_rows(self, django_assert_num_queries):
        with django_assert_num_queries(0, connection=connection):
            insert_rows(Office, ["code"], [])

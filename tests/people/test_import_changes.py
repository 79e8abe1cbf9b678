"""What an import tells the house, and what rules know right after it."""

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from tests.builders import person, segment
from tests.intranet.models import Office
from tests.people.hr_files import bring_in, counts, hr_file, mapping, staff
from wagtail_personalize.hookspecs import profiles_changed
from wagtail_personalize.people import patience
from wagtail_personalize.people.importing.batch import applying
from wagtail_personalize.people.models import FoldedValue, ReportingLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """(people, attributes, cause) of each signal."""
    calls = []

    def listen(person_ids, attributes, cause, **kwargs):
        calls.append((set(person_ids), attributes, cause))

    profiles_changed.connect(listen)
    yield calls
    profiles_changed.disconnect(listen)


@pytest.fixture
def bring(tmp_path):
    return lambda text, rules=None, **options: bring_in(hr_file(tmp_path, text), rules, **options)


def users(*numbers):
    return {staff(number).user_id for number in numbers}


class TestSignal:
    def test_is_sent_once_for_a_batch(self, bring, heard):
        bring("no,dept,boss\n1,IT,2\n2,IT,\n3,HR,1\n")
        assert heard == [(users("1", "2", "3"), None, "import")]

    def test_names_who_changed_and_what(self, bring, heard):
        bring("no,dept,title\n1,IT,Clerk\n2,IT,Clerk\n3,HR,Clerk\n")
        heard.clear()
        bring("no,dept,title\n1,IT,Clerk\n2,Sales,Clerk\n3,HR,Boss\n")
        assert heard == [(users("2", "3"), {"department", "job_title"}, "import")]

    def test_names_all_attributes_over_a_link(self, bring, heard):
        Office.objects.create(code="muc", city="München")
        person(staff_number="1")
        heard.clear()
        bring("no,office\n1,muc\n", mapping(columns={"office": "office"}))
        assert heard == [(users("1"), {"office", "city"}, "import")]

    def test_of_who_left_means_everything(self, bring, heard):
        bring("no,left\n1,\n")
        heard.clear()
        bring("no,left\n1,2020-01-31\n")
        assert heard == [(users("1"), None, "import")]

    def test_is_not_sent_when_nothing_changed(self, bring, heard):
        bring("no,dept\n1,IT\n")
        heard.clear()
        bring("no,dept\n1,IT\n")
        assert heard == []

    def test_is_sent_for_those_who_are_absent(self, bring, heard):
        bring("no\n1\n2\n")
        gone = users("2")
        heard.clear()
        bring("no\n1\n", mode="full")
        assert heard == [(gone, None, "import")]


class TestRules:
    def test_know_the_texts_at_once(self, bring):
        bring("no,dept\n1,Zürich\n")
        assert FoldedValue.objects.get(attribute="department").folded == "zurich"

    def test_know_the_reporting_line_at_once(self, bring):
        bring("no,boss\n1,2\n2,3\n3,\n")
        line = {(row.person_id, row.manager_id, row.depth) for row in ReportingLine.objects.all()}
        one, two, three = (staff(n).user_id for n in "123")
        assert line == {(one, two, 1), (one, three, 2), (two, three, 1)}
        bring("no,boss\n1,3\n2,3\n3,\n")
        assert ReportingLine.objects.get(person=one).manager_id == three


class TestSegments:
    def test_are_right_after_an_import(self, bring):
        sales = segment("Sales")
        bring("no,dept\n1,Sales\n2,IT\n3,Sales\n")
        assert {person.pk for person in sales.people()} == users("1", "3")
        bring("no,dept,left\n1,IT,\n2,sales,\n3,Sales,2020-01-31\n")
        assert {person.pk for person in sales.people()} == users("2")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has to be told")
class TestStatistics:
    def test_are_fresh_after_many_new_people(self, bring):
        bring("no\n" + "".join(f"{n}\n" for n in range(1100)))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relname LIKE %s AND reltuples >= 1000", ["intranet_staff"]
            )
            assert cursor.fetchall() == [("intranet_staff",)]


class TestBatch:
    def test_takes_the_lock_of_the_memberships_before_any_row_of_a_person(self, bring):
        bring("no,dept\n1,IT\n2,IT\n")
        with CaptureQueriesContext(connection) as captured:
            bring("no,dept\n1,HR\n2,HR\n")
        asked = [query["sql"] for query in captured.captured_queries]
        locked = next(number for number, sql in enumerate(asked) if "stateversion" in sql)
        written = [number for number, sql in enumerate(asked) if sql.startswith("UPDATE") and "intranet_staff" in sql]
        assert written
        assert locked < min(written)


@pytest.mark.django_db(transaction=True)
class TestBatchThatTheDatabaseGaveUp:
    @pytest.fixture
    def deadlocks(self, monkeypatch):
        """The first so many writes end in a deadlock, after everything was written."""
        monkeypatch.setattr(patience, "sleep", lambda seconds: None)
        original = applying.write

        def begin(number):
            left = iter(range(number))

            def write(*args):
                original(*args)
                if next(left, None) is not None:
                    raise OperationalError(1213, "Deadlock found when trying to get lock")

            monkeypatch.setattr(applying, "write", write)

        return begin

    def test_is_done_again_and_counted_once(self, bring, deadlocks):
        deadlocks(2)
        result = bring("no,dept\n1,IT\n2,IT\n")
        assert result.run.state == "finished"
        assert counts(result) == {"new": 2}
        assert staff("2").department == "IT"

    def test_is_interrupted_after_many_attempts(self, bring, deadlocks):
        deadlocks(patience.ATTEMPTS)
        with pytest.raises(OperationalError):
            bring("no,dept\n1,IT\n")

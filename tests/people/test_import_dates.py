from datetime import date

import pytest

from wagtail_personalize.people.importing.dates import DateFormats, checked_format, parse_date
from wagtail_personalize.people.importing.sources.contract import ImportRefused


def found(**columns):
    formats = DateFormats()
    for column, values in columns.items():
        for value in values:
            formats.see(column, value)
    return formats.decide()


class TestDateFormat:
    @pytest.mark.parametrize(
        ("values", "format"),
        [
            (["2020-01-31"], "%Y-%m-%d"),
            (["31.01.2020", "1.2.2020"], "%d.%m.%Y"),
            (["03/04/2020", "31/01/2020"], "%d/%m/%Y"),
            (["03/04/2020", "01/31/2020"], "%m/%d/%Y"),
            (["20200131"], "%Y%m%d"),
            (["2020-01-31 00:00:00", "2020-02-01T08:30:00Z"], "%Y-%m-%d"),
            (["31-01-2020"], "%d-%m-%Y"),
        ],
    )
    def test_is_found_out_from_the_values(self, values, format):
        assert found(hired=values) == {"hired": format}

    def test_is_what_most_values_have(self):
        assert found(hired=["31/01/2020", "28/02/2020", "02/29/2020", "n/a", ""]) == {"hired": "%d/%m/%Y"}

    def test_is_learnt_from_other_columns_when_one_does_not_tell(self):
        assert found(hired=["31/01/2020"], left=["03/04/2020"])["left"] == "%d/%m/%Y"

    def test_may_differ_between_columns(self):
        assert found(hired=["31.01.2020"], left=["2020-01-31"]) == {"hired": "%d.%m.%Y", "left": "%Y-%m-%d"}

    def test_that_nothing_tells_is_asked_for(self):
        with pytest.raises(ImportRefused, match=r"“hired” day and month cannot be told apart.*%d/%m/%Y or %m/%d/%Y"):
            found(hired=["03/04/2020"])

    def test_that_python_cannot_read_is_refused(self):
        with pytest.raises(ImportRefused, match=r"“dd\.mm\.yyyy” is not a date format"):
            checked_format("dd.mm.yyyy")

    def test_without_a_year_reads_birthdays(self):
        assert parse_date("29.02.", checked_format("%d.%m.")) == date(2000, 2, 29)

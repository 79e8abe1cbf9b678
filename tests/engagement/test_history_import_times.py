"""Times, files and user agents as other systems write them."""

import json
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from wagtail_personalize.engagement.history.bots import is_bot
from wagtail_personalize.engagement.history.kinds_of_logs import KindsOfLog
from wagtail_personalize.engagement.history.moments import Moments
from wagtail_personalize.engagement.kinds import Kind
from wagtail_personalize.engagement.models import Figures
from wagtail_personalize.people.importing.sources.contract import ImportRefused

BERLIN = ZoneInfo("Europe/Berlin")
MOMENT = datetime(2026, 3, 22, 14, 3, 22, tzinfo=BERLIN)
BROWSERS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 "
    "Edg/140.0.0.0",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18 Safari/605.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPad; CPU OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/119.0 Mobile/15E148 "
    "Safari/604.1",
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 "
    "Chrome/121.0 Mobile Safari/537.36",
    "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; .NET4.0C; .NET4.0E; InfoPath.3; rv:11.0) like Gecko",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Teams/24.1 Chrome/120.0 "
    "Electron/28.0 Safari/537.36",
    "Opera/9.80 (Windows NT 6.1; U; de) Presto/2.10.289 Version/12.01",
]
LIST = Path(__file__).parents[3] / "shared/data/bots-crawler-user-agents/crawler-user-agents.json"


class TestTimes:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-03-22 14:03:22",
            "2026-03-22T14:03:22.000",
            "2026-03-22T13:03:22Z",
            "2026-03-22T15:03:22+02:00",
            "2026-03-22 13:03:22 UTC",
            "20260322T140322",
            "22.03.2026 14:03:22",
            "22.03.2026, 14:03:22",
            "22.03.26 14:03:22",
            "22/03/2026 2:03:22 PM",
            "22-03-2026 14:03:22",
            "[22/Mar/2026:14:03:22 +0100]",
            "Mar 22, 2026 @ 14:03:22.000",
            "March 22, 2026 2:03:22 pm",
            "Sun, 22 Mar 2026 13:03:22 GMT",
            "22. März 2026 um 14:03:22",
            "22 mrt 2026 14:03:22",
            "1774184602",
            "1774184602.0",
            "1774184602000",
            "1774184602000000",
        ],
    )
    def test_are_read_however_they_are_written(self, text):
        moments = Moments(BERLIN)
        moments.see([text])
        assert moments.read(text) == MOMENT

    def test_days_and_months_are_told_apart_by_the_others(self):
        moments = Moments(BERLIN)
        moments.see(["03/04/2026 10:00", "03/22/2026 10:00"])
        assert moments.read("03/04/2026 10:00").month == 3

    @pytest.mark.parametrize("texts", [["03/04/2026 10:00"], ["13/04/2026 10:00", "04/13/2026 10:00"]])
    def test_that_can_mean_two_days_are_refused_until_somebody_says_which(self, texts):
        with pytest.raises(ImportRefused):
            Moments(BERLIN).see(texts)
        said = Moments(BERLIN, "dmy")
        said.see(texts)
        assert said.read("03/04/2026 10:00").month == 4

    @pytest.mark.parametrize("text", ["", "x", "2026-13-41 10:00", "99:99", "31.02.2026 10:00", "1", "٣", "9" * 400])
    def test_that_are_none_are_none(self, text):
        assert Moments(BERLIN, "dmy").read(text) is None


class TestTypes:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("page_view", Kind.VIEW),
            ("Page View", Kind.VIEW),
            ("PAGEVIEW", Kind.VIEW),
            ("outlink", Kind.CLICK),
            ("file-download", Kind.DOWNLOAD),
            ("siteSearch", Kind.SEARCH),
            ("", None),
            ("engaged", None),
        ],
    )
    def test_are_known_by_their_usual_names(self, text, kind):
        assert KindsOfLog({}).read(text) == kind


class TestPrograms:
    @pytest.mark.parametrize("browser", BROWSERS)
    def test_are_no_browsers(self, browser):
        assert not is_bot(browser)

    @pytest.mark.parametrize("name", ["curl/8.5.0", "Mozilla/5.0 (compatible; bingbot/2.0)", "x"])
    def test_are_known_by_their_names(self, name):
        assert is_bot(name)

    @pytest.mark.realdata
    @pytest.mark.skipif(not LIST.exists(), reason="no list of programs here")
    def test_of_a_public_list_nearly_all_are_known(self):
        known = [name for entry in json.loads(LIST.read_text()) for name in entry.get("instances", ())]
        found = sum(map(is_bot, known))
        assert found / len(known) > 0.975


@pytest.mark.django_db
class TestFiles:
    def load(self, tmp_path, log, name="log.csv", **mapping):
        (tmp_path / name).write_bytes(log)
        columns = {"time": "time", "person": "person", "page": "page", **mapping}
        (tmp_path / "map.toml").write_text("\n".join(f"{key} = {json.dumps(value)}" for key, value in columns.items()))
        call_command("import_engagement_log", tmp_path / name, mapping=tmp_path / "map.toml", verbosity=0)
        whole = Figures.objects.filter(content__type="site", span="month", segment_id=0)
        return sum(whole.values_list("views", flat=True)), sum(whole.values_list("viewers", flat=True))

    @pytest.fixture
    def lines(self):
        moments = [datetime.now(BERLIN).replace(microsecond=0, day=1, hour=0, minute=n) for n in (1, 2)]
        return [(moment.isoformat(), who) for moment, who in zip(moments, ("anna", "bén"), strict=True)]

    @pytest.mark.parametrize(
        ("encoding", "delimiter"),
        [("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", "|"), ("utf-8", ",")],
    )
    def test_of_any_encoding_and_delimiter(self, tmp_path, lines, encoding, delimiter):
        rows = [delimiter.join(["time", "person", "page"])]
        rows += [delimiter.join([at, who, '"/x\r\nwith a second line"']) for at, who in lines]
        assert self.load(tmp_path, "\r\n".join(rows).encode(encoding)) == (2, 2)

    def test_of_json_lines_as_search_engines_give_them(self, tmp_path, lines):
        rows = [
            json.dumps(
                {"@timestamp": at, "user": {"name": who}, "url": {"path": "/x"}, "event": {"action": "pageview"}}
            )
            for at, who in lines
        ]
        names = {"time": "@timestamp", "person": "user.name", "page": "url.path", "type": "event.action"}
        assert self.load(tmp_path, "\n".join(rows).encode(), "log.ndjson", **names) == (2, 2)

    def test_broken_lines_do_not_stop_it(self, tmp_path, lines):
        rows = ["time,person,page", *(f"{at},{who},/x" for at, who in lines), 'a,"b', "too,few", "a,b,c,d,e"]
        assert self.load(tmp_path, "\n".join(rows).encode()) == (2, 2)
        errors = (tmp_path / "log.csv.errors.csv").read_text("utf-8-sig")
        assert len(re.findall(r"^\d", errors, re.MULTILINE)) == 3

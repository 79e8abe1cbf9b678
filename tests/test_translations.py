"""Our own interface is complete in German and Dutch."""

import os
import re
import shutil
import string
from pathlib import Path

import django
import polib
import pytest
import wagtail
from django.core.management import call_command
from django.utils import translation

from tests.builders import audience, segment
from wagtail_personalize.people.employees.models import Department, Language
from wagtail_personalize.segments.rules.sentence import sentence
from wagtail_personalize.targeting.wording import describe

PACKAGE = Path(__file__).parent.parent / "wagtail_personalize"
ROOMS = sorted(app.parent.relative_to(PACKAGE).as_posix() for app in PACKAGE.rglob("apps.py"))
LANGUAGES = ("de", "nl")

#: Inside a sentence, or after a verb: "they" is written so only where a sentence or a quotation begins.
FORMAL = re.compile(r"(?<!^)(?<![.!?:;„] )(?<!„)\b(Sie|Ihr|Ihre[mnrs]?|Ihnen)\b|\w+en Sie\b")
#: What we translate otherwise than Wagtail or Django, and mean the same by it.
SAME_MEANING = {"Compare", "Default", "Edit", "Import", "Notifications", "Pages", "Preview not available"}
SAME_MEANING |= {"Preview mode", "Publishing…", "Show", "Type", "page"}

catalogues = pytest.mark.parametrize("language", LANGUAGES)
rooms = pytest.mark.parametrize("room", ROOMS)


def catalogue(room, language):
    return polib.pofile(str(PACKAGE / room / "locale" / language / "LC_MESSAGES" / "django.po"))


def texts(entry):
    return [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values())


def texts_of_others(language):
    """What Wagtail and Django say for a string; one of several, where they do not agree."""
    found = {}
    for package in (wagtail, django):
        for file in Path(package.__file__).parent.rglob(f"locale/{language}/LC_MESSAGES/django.mo"):
            for entry in polib.mofile(str(file)):
                found.setdefault(identity(entry)[:2], []).append(texts(entry))
    return found


def identity(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def placeholders(text):
    percent = {part.split(")")[0] for part in text.split("%(")[1:]}
    braces = {name for _, name, _, _ in string.Formatter().parse(text) if name} if "{" in text else set()
    return percent | braces


@rooms
@catalogues
class TestCatalogue:
    def test_has_every_string_of_the_code(self, room, language, tmp_path, monkeypatch):
        if shutil.which("xgettext") is None:
            assert not os.environ.get("REQUIRE_ALL"), "GNU gettext is missing"
            pytest.skip("needs GNU gettext")
        copy = tmp_path / "room"
        shutil.copytree(
            PACKAGE / room, copy, ignore=shutil.ignore_patterns("static", "locale", "employees", "__pycache__")
        )
        (copy / "locale").mkdir()
        monkeypatch.chdir(copy)
        call_command("makemessages", locale=[language], no_location=True, verbosity=0)
        found = copy / "locale" / language / "LC_MESSAGES" / "django.po"
        in_code = {identity(entry) for entry in polib.pofile(str(found))} if found.exists() else set()
        assert in_code - {identity(entry) for entry in catalogue(room, language)} == set()

    def test_says_du_in_german(self, room, language):
        if language == "de":
            said = [text for entry in catalogue(room, "de") for text in texts(entry)]
            assert [text for text in said if FORMAL.search(text)] == []

    def test_translates_every_string(self, room, language):
        po = catalogue(room, language)
        assert [entry.msgid for entry in [*po.untranslated_entries(), *po.fuzzy_entries()]] == []

    def test_keeps_the_placeholders(self, room, language):
        for entry in catalogue(room, language):
            for translated in (entry.msgstr_plural or {0: entry.msgstr}).values():
                assert placeholders(translated) <= placeholders(entry.msgid) | placeholders(entry.msgid_plural), (
                    entry.msgid
                )

    def test_is_compiled(self, room, language):
        po = catalogue(room, language)
        mo = polib.mofile(str(Path(po.fpath).with_suffix(".mo")))
        assert {identity(e): e.msgstr for e in mo} == {identity(e): e.msgstr for e in po.translated_entries()}


def condition(attribute, operator, value=None, **more):
    return {"attribute": attribute, "operator": operator, "value": value, **more}


@pytest.mark.django_db
class TestRule:
    """Sentences are put together from parts, so the whole is read here."""

    NEW = condition("hire_date", "in_the_last", 90, unit="days")
    SALES = condition("department", "is_under", ["sales"])
    EARLY_OR_DAY = condition("shift", "is_one_of", ["early", "day"])
    SPEAKS = condition("languages", "has_all", ["de", "nl"])
    JUBILEE = condition("hire_date", "anniversary_within", 1, unit="weeks")
    SENIOR = condition("level", "gte", 4)

    @pytest.fixture(autouse=True)
    def company(self, settings):
        declaration = "wagtail_personalize.people.employees.declaration.EmployeeDeclaration"
        settings.WAGTAIL_PERSONALIZE = {"PROFILE": declaration}
        Department.objects.create(code="sales", name="Sales")
        Language.objects.create(code="de", name="Deutsch")
        Language.objects.create(code="nl", name="Nederlands")

    @pytest.mark.parametrize(
        ("language", "rule", "expected"),
        [
            (
                "de",
                {"all": [SALES, NEW]},
                "Abteilung ist oder liegt unter Sales, und Eintrittsdatum war vor höchstens 90 Tagen",
            ),
            (
                "nl",
                {"all": [SALES, NEW]},
                "Afdeling is of valt onder Sales, en Datum in dienst is hoogstens 90 dagen geleden",
            ),
            (
                "de",
                {"any": [EARLY_OR_DAY, {"none": [SPEAKS]}]},
                "Schicht ist Frühschicht oder Tagschicht, oder nicht: Sprachen umfassen Deutsch und Nederlands",
            ),
            (
                "nl",
                {"any": [EARLY_OR_DAY, {"none": [SPEAKS]}]},
                "Dienst is Vroege dienst of Dagdienst, of niet: Talen omvatten Deutsch en Nederlands",
            ),
            (
                "de",
                {"all": [JUBILEE, {"none": [SENIOR, NEW]}]},
                "Eintrittsdatum jährt sich in höchstens 1 Woche, und es gilt nichts von"
                " (Stufe ist mindestens 4; Eintrittsdatum war vor höchstens 90 Tagen)",
            ),
            (
                "nl",
                {"all": [JUBILEE, {"none": [SENIOR, NEW]}]},
                "Datum in dienst komt terug over hoogstens 1 week, en er geldt niets van"
                " (Niveau is minstens 4; Datum in dienst is hoogstens 90 dagen geleden)",
            ),
        ],
    )
    def test_reads_well(self, language, rule, expected):
        with translation.override(language):
            assert sentence(rule) == expected


@pytest.mark.django_db
class TestAudience:
    @pytest.mark.parametrize(
        ("language", "everyone", "expected"),
        [
            ("de", "Alle", "HR oder IT, nicht Sales, ab 1. März 2027 08:00, bis 31. März 2027 18:00"),
            ("nl", "Iedereen", "HR of IT, niet Sales, vanaf 1 maart 2027 08:00, tot 31 maart 2027 18:00"),
        ],
    )
    def test_reads_well(self, language, everyone, expected):
        named = audience(
            [segment("IT"), segment("HR")], [segment("Sales")], starts="2027-03-01T08:00", ends="2027-03-31T18:00"
        )

        with translation.override(language):
            assert describe(None) == everyone
            assert describe(named) == expected

    @pytest.mark.parametrize(
        ("language", "expected"),
        [("de", "Alle, nicht ein gelöschtes Segment"), ("nl", "Iedereen, niet een verwijderd segment")],
    )
    def test_says_what_is_gone(self, language, expected):
        gone = audience(exclude=["11111111-1111-4111-8111-111111111111"])

        with translation.override(language):
            assert describe(gone) == expected


@catalogues
class TestWordsOfOthers:
    """All apps share one catalogue and ours comes first: what we call otherwise is called so in all of the admin."""

    def test_are_left_to_them(self, language):
        theirs = texts_of_others(language)
        ours = [entry for room in ROOMS for entry in catalogue(room, language) if not entry.obsolete]
        others = [e for e in ours if texts(e) not in theirs.get(identity(e)[:2], [texts(e)])]
        assert {entry.msgid for entry in others} - SAME_MEANING == set()

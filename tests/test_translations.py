"""Our own interface is complete in German and Dutch."""

import os
import shutil
import string
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

PACKAGE = Path(__file__).parent.parent / "wagtail_personalize"
ROOMS = ("privacy", "people", "people/employees", "segments", "targeting")
LANGUAGES = ("de", "nl")

catalogues = pytest.mark.parametrize("language", LANGUAGES)
rooms = pytest.mark.parametrize("room", ROOMS)


def catalogue(room, language):
    return polib.pofile(str(PACKAGE / room / "locale" / language / "LC_MESSAGES" / "django.po"))


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
        assert {e.msgid: e.msgstr for e in mo} == {e.msgid: e.msgstr for e in po.translated_entries()}

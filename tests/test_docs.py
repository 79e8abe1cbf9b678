"""The reference is held against the code: whatever a site builder can use is documented."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.dispatch import Signal
from django.template import engines

from wagtail_personalize import hookspecs
from wagtail_personalize.conf import PersonalizeSettings

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"


def documented(page):
    return (REFERENCE / f"{page}.md").read_text()


class TestReference:
    @pytest.mark.parametrize("field", fields(PersonalizeSettings), ids=lambda field: field.name)
    def test_names_every_setting_and_its_default(self, field):
        row = next(line for line in documented("settings").splitlines() if line.startswith(f"| `{field.name}`"))
        default = field.default_factory() if callable(field.default_factory) else field.default
        shown = f'"{default}"' if isinstance(default, str) else repr(default)
        assert f"`{shown}`" in row

    def test_names_no_setting_that_does_not_exist(self):
        names = {f.name for f in fields(PersonalizeSettings)}
        rows = [line.split("`")[1] for line in documented("settings").splitlines() if line.startswith("| `")]
        assert set(rows) == names

    @pytest.mark.parametrize("name", [n for n, value in vars(hookspecs).items() if isinstance(value, Signal)])
    def test_names_every_signal(self, name):
        assert f"| `{name}`" in documented("hooks")

    @pytest.mark.parametrize("name", [n for n, app in get_commands().items() if "wagtail_personalize" in str(app)])
    def test_has_a_section_for_every_command(self, name):
        assert f"## `{name}`" in documented("commands") or f"## {name}" in documented("commands")

    def test_names_every_tag_and_filter(self):
        library = engines["django"].engine.template_libraries["personalize_tags"]
        for name in (*library.tags, *library.filters):
            assert f"`{name}`" in documented("tags") or f"{{% {name}" in documented("tags"), name

    @pytest.mark.parametrize("room", sorted(app.parent.name for app in ROOT.glob("wagtail_personalize/*/apps.py")))
    def test_names_every_system_check(self, room):
        folder = ROOT / "wagtail_personalize" / room
        used = {
            name for module in folder.glob("*checks.py") for name in re.findall(r"\b[EW]\d{3}\b", module.read_text())
        }
        elsewhere = re.compile(rf"personalize_{room}\.([EW]\d{{3}})")
        used |= {name for module in folder.rglob("*.py") for name in elsewhere.findall(module.read_text())}
        section = documented("checks").split(f"## `personalize_{room}`")[1].split("##")[0]
        assert set(re.findall(r"`([EW]\d{3})`", section)) == used


class TestToctree:
    def test_every_page_of_the_index_exists(self):
        docs = REFERENCE.parent
        listed = [
            line.strip()
            for line in (docs / "index.md").read_text().splitlines()
            if "/" in line and " " not in line.strip()
        ]
        assert listed
        assert [page for page in listed if not (docs / f"{page}.md").exists()] == []

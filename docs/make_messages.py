"""Collect the strings of each room into its German and Dutch catalogues and compile them (needs GNU gettext)."""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "wagtail_personalize"
LANGUAGES = ("de", "nl")


def collect(room: Path) -> None:
    """Update the catalogues of one room; strings of a room nested in it belong to that one."""
    (room / "locale").mkdir(exist_ok=True)
    ignored = [f"{nested}/*" for nested in ("employees", "static") if (room / nested).is_dir()]
    os.chdir(room)
    call_command(
        "makemessages", locale=LANGUAGES, ignore_patterns=ignored, no_location=True, no_wrap=True, no_obsolete=True
    )
    call_command("compilemessages", locale=LANGUAGES)


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    for app in sorted(PACKAGE.rglob("apps.py")):
        collect(app.parent)


if __name__ == "__main__":
    main()

"""``refresh_timeline``: once after installing, every night, and after a backup was restored."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import ngettext

from ...timeline.index import check as check_index
from ...timeline.index import refresh


class Command(BaseCommand):
    help = "Brings the index of the timeline in line with what is live. Safe to run at any time and twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; fail when stored and live differ.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check and (wrong := check_index()):
            text = ngettext(
                "%(number)d row of the timeline is not right.", "%(number)d rows of the timeline are not right.", wrong
            )
            raise CommandError(text % {"number": wrong})
        number = 0 if check else refresh()
        text = ngettext(
            "The timeline is right; %(number)d row was not.", "The timeline is right; %(number)d rows were not.", number
        )
        self.stdout.write(text % {"number": number})

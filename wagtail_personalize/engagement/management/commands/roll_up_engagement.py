"""``roll_up_engagement``: every night, and as often as reports should be up to date."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from ...rollup.run import mark_all, roll_up


class Command(BaseCommand):
    help = "Makes the figures of all days that events came for. Safe to run at any time, late and twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every day of which there are raw events")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            mark_all()
        result = roll_up()
        self.stdout.write(_("%(days)d days, %(figures)d figures.") % {"days": result.days, "figures": result.figures})

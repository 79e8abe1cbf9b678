"""Bring the stored audiences of all pages up to date, or only say which are not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from ...effective import check, recompute, sweep


class Command(BaseCommand):
    help = "Stores what every page inherits. Safe to run at any time and twice; with --check it only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; fail when stored and live differ.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            self._compare()
        else:
            sweep()
            recompute(fill_all=True)
            self.stdout.write(self.style.SUCCESS(_("The stored audiences of all pages are up to date.")))

    def _compare(self) -> None:
        if sentences := check():
            raise CommandError("\n".join(sentences))
        self.stdout.write(self.style.SUCCESS(_("All stored audiences are right.")))

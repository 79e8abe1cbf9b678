"""``manage.py load_segments``: make the site's segments say what a file says."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...changing import patiently
from ...code.difference import described, summary
from ...code.form import Entry
from ...code.loading import load, rehearse
from ...code.planning import plan
from ...code.reading import CannotLoad, read


class Command(BaseCommand):
    help = "Load segments from a JSON file, all or none. Loading the same file twice changes nothing."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", help="a file as dump_segments writes it")
        parser.add_argument(
            "--dry-run", action="store_true", help="print what would change, or why not; change nothing"
        )
        parser.add_argument("--delete", action="store_true", help="delete segments that the file does not name")

    def handle(self, *args: Any, **options: Any) -> None:
        delete = options["delete"]
        try:
            entries = self._read(options["file"])
            if options["dry_run"]:
                planned = plan(entries, delete=delete)
                for line in described(planned, delete=delete):
                    self.stdout.write(line)
                patiently(lambda: rehearse(entries, delete=delete))
            else:
                planned = patiently(lambda: load(entries, delete=delete))
        except CannotLoad as refused:
            raise CommandError("\n".join(refused.sentences)) from None
        self.stdout.write(summary(planned, delete=delete))

    def _read(self, path: str) -> list[Entry]:
        try:
            with open(path, "rb") as file:
                return read(file)
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error}.") from None

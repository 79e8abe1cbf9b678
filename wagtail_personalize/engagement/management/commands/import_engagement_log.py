"""``import_engagement_log FILE… --mapping MAPPING``: load the history of another system."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from wagtail_personalize.people.importing.sources.contract import ImportRefused
from wagtail_personalize.people.importing.sources.formats import source_for

from ...history.mapping import load_log_mapping
from ...history.results import Result
from ...history.run import Progress, import_log

#: Exit code beside 0 (all lines could be read) and 1 (refused).
SOME_REJECTED = 3


class Command(BaseCommand):
    help = "Import what was read from the log of another system, as figures; nothing raw is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", help="the log: CSV, JSON or JSON Lines; parts in any order")
        parser.add_argument("--mapping", type=Path, required=True, help="the mapping file (TOML or JSON)")
        parser.add_argument("--dry-run", action="store_true", help="say what would be counted and write nothing")
        parser.add_argument("--errors", type=Path, help="file for rejected lines; default: FILE.errors.csv")
        parser.add_argument("--format", choices=["csv", "json"], help="default: by the name of the file")
        parser.add_argument("--encoding", help="for example utf-8 or cp1252; default: detected")
        parser.add_argument("--delimiter", help="for example ';' or 'tab'; default: detected")
        parser.add_argument("--progress", action="store_true", help="show progress also when this is no terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = self._import(options)
        except ImportRefused as error:
            raise CommandError(str(error)) from error
        self._report(result)
        if result.rejected and self._called_from_command_line:
            sys.exit(SOME_REJECTED)

    def _import(self, options: dict[str, Any]) -> Result:
        mapping = load_log_mapping(options["mapping"])
        said = {name: options[name] or getattr(mapping, name) or None for name in ("encoding", "delimiter")}
        sources = [source_for(path, format=options["format"] or "", **said) for path in options["files"]]
        errors = Path(options["errors"] or f"{options['files'][0]}.errors.csv")
        with self._progress_bar(options["progress"]) as progress:
            return import_log(sources, mapping, dry_run=options["dry_run"], error_path=errors, progress=progress)

    @contextmanager
    def _progress_bar(self, wanted: bool) -> Iterator[Progress]:
        with tqdm(unit=_(" lines"), file=sys.stderr, disable=False if wanted else None) as bar:
            yield lambda lines: bar.update(lines - bar.n)

    def _report(self, result: Result) -> None:
        for sentence in result.statements:
            self.stdout.write(sentence)
        for label, number in result.rows():
            self.stdout.write(f"{label}: {number:,}")
        for name, number in result.unknown_types.most_common(20):
            self.stdout.write(_("Does not count: “%(name)s” (%(number)d)") % {"name": name, "number": number})
        if result.rejected:
            self.stdout.write(self.style.WARNING(_("Rejected lines: %(path)s") % {"path": result.error_file}))
        if result.dry_run:
            self.stdout.write(_("This was a dry run: nothing was written to the database."))

"""``import_people FILE --mapping MAPPING``: bring people in from an HR file."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from wagtail_personalize.people.importing.batch.applying import Progress
from wagtail_personalize.people.importing.dates import checked_format
from wagtail_personalize.people.importing.leaving import LeaversGuard
from wagtail_personalize.people.importing.mapping.definition import load_mapping
from wagtail_personalize.people.importing.results import Result
from wagtail_personalize.people.importing.run import import_people
from wagtail_personalize.people.importing.sources.contract import ImportRefused
from wagtail_personalize.people.importing.sources.formats import FORMATS, source_for

#: Exit codes beside 0 (all lines imported) and 1 (refused).
SOME_REJECTED = 3
TOO_MANY_LEAVERS = 4


class Command(BaseCommand):
    help = "Import people from an HR file (CSV, JSON or LDIF) with a mapping file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file: CSV, JSON, JSON Lines or LDIF")
        parser.add_argument("--mapping", type=Path, required=True, help="the mapping file (TOML or JSON)")
        parser.add_argument(
            "--mode",
            choices=["changes", "full"],
            default="changes",
            help="changes: only a leave date means left; full: whoever is not in the file has left",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")
        parser.add_argument("--allow-leavers", action="store_true", help="go on when many people would become inactive")
        parser.add_argument("--resume", action="store_true", help="go on with the interrupted import of this file")
        parser.add_argument("--errors", type=Path, help="file for rejected lines; default: FILE.errors.csv")
        parser.add_argument(
            "--format", choices=list(FORMATS), help="default: by the name of the file, or its beginning"
        )
        parser.add_argument("--encoding", help="for example utf-8 or cp1252; default: detected")
        parser.add_argument("--delimiter", help="for example ';' or 'tab'; default: detected")
        parser.add_argument("--date-format", help="for example %%d.%%m.%%Y; default: detected")
        parser.add_argument("--progress", action="store_true", help="show progress also when this is no terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = self._import(options)
        except ImportRefused as error:
            code = TOO_MANY_LEAVERS if isinstance(error, LeaversGuard) else 1
            raise CommandError(str(error), returncode=code) from error
        self._report(result)
        if result.counts.rejected and self._called_from_command_line:
            sys.exit(SOME_REJECTED)

    def _import(self, options: dict[str, Any]) -> Result:
        mapping = load_mapping(options["mapping"])
        if options["date_format"]:
            mapping = replace(mapping, date_format=checked_format(options["date_format"]))
        path = Path(options["file"])
        source = source_for(
            path,
            format=options["format"] or "",
            encoding=options["encoding"] or mapping.encoding or None,
            delimiter=options["delimiter"] or mapping.delimiter or None,
        )
        names = ("mode", "dry_run", "allow_leavers", "resume")
        errors = Path(options["errors"] or f"{path}.errors.csv")
        with self._progress_bar(options["progress"]) as progress:
            return import_people(
                source, mapping, error_path=errors, progress=progress, **{name: options[name] for name in names}
            )

    @contextmanager
    def _progress_bar(self, wanted: bool) -> Iterator[Progress]:
        """A bar on a terminal, or wherever it is wanted."""
        with tqdm(unit=_(" lines"), file=sys.stderr, disable=False if wanted else None) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            yield progress

    def _report(self, result: Result) -> None:
        for sentence in [*result.statements, *result.notes]:
            self.stdout.write(sentence)
        if result.notes_left_off:
            more = result.notes_left_off
            text = ngettext("… and %(count)d more remark.", "… and %(count)d more remarks.", more)
            self.stdout.write(text % {"count": more})
        for name, count in sorted(result.made.items()):
            self.stdout.write(_("Made for “%(name)s”: %(count)d") % {"name": name, "count": count})
        self._report_counts(result)

    def _report_counts(self, result: Result) -> None:
        counts = result.counts
        rows = [
            (_("Lines"), result.lines),
            (_("New"), counts.new),
            (_("Changed"), counts.changed),
            (_("Left"), counts.left),
            (_("Unchanged"), counts.unchanged),
            (_("Rejected"), counts.rejected),
        ]
        for label, count in rows:
            self.stdout.write(f"{label}: {count:,}")
        if counts.erased:
            self.stdout.write(_("Erased people, left out: %(count)d") % {"count": counts.erased})
        if counts.absent:
            self.stdout.write(_("Of those who left, %(count)d are not in the file.") % {"count": counts.absent})
        if counts.rejected:
            self.stdout.write(self.style.WARNING(_("Rejected lines: %(path)s") % {"path": result.error_file}))
        if result.would_stop:
            self.stdout.write(self.style.WARNING(_("A real run would stop: %s") % result.would_stop))
        if result.dry_run:
            self.stdout.write(_("This was a dry run: nothing was written to the database."))

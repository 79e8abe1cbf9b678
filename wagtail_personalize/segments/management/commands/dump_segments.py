"""``manage.py dump_segments``: segments as a file for version control."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...code.form import document, written
from ...models import Segment


class Command(BaseCommand):
    help = "Write segments as JSON, to be kept in version control and loaded elsewhere with load_segments."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", nargs="?", help="where to write; without it, to the standard output")
        parser.add_argument("--segment", action="append", metavar="SLUG", help="only this one; may be repeated")
        parser.add_argument(
            "--people",
            action="store_true",
            help="with the lists of always included and excluded people: personal data, so not into a repository",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        segments = Segment.objects.select_related("category").order_by("slug")
        if wanted := options["segment"]:
            segments = segments.filter(slug__in=wanted)
            if missing := set(wanted) - {segment.slug for segment in segments}:
                raise CommandError(f"There is no segment with this short name: {', '.join(sorted(missing))}.")
        text = written(document(segments, people=options["people"]))
        if not options["file"]:
            self.stdout.write(text, ending="")
            return
        try:
            Path(options["file"]).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error}.") from None
        self.stdout.write(f"{len(segments)} segments.")

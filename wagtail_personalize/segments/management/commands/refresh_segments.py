from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.refresh import check, refresh


class Command(BaseCommand):
    help = "Brings the stored memberships of all segments in line with their rules and with the current day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--segment", metavar="SLUG", help="only the segment with this short name")
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit with 1 when stored and computed differ"
        )

    def handle(self, *args: Any, segment: str | None, check: bool, **options: Any) -> None:
        segments = self._named(segment) if segment else None
        if check:
            self._check(segments)
        else:
            difference = refresh(segments)
            self.stdout.write(_("%(joined)d joined, %(left)d left.") % difference._asdict())

    def _named(self, slug: str) -> list[Segment]:
        found = list(Segment.objects.filter(slug=slug))
        if not found:
            raise CommandError(_("There is no segment with the short name “%(slug)s”.") % {"slug": slug})
        return found

    def _check(self, segments: list[Segment] | None) -> None:
        differences = check(segments)
        for sentence in differences:
            self.stdout.write(sentence)
        if differences:
            raise CommandError(_("Stored and computed memberships differ. Run refresh_segments."), returncode=1)
        self.stdout.write(_("Stored and computed memberships are the same."))

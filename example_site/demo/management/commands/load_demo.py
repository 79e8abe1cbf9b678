"""Fills the sample intranet: people, segments, pictures and pages."""

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from example_site.demo.access import load_access
from example_site.demo.illustrations import load_illustrations
from example_site.demo.pages import load_pages
from example_site.demo.people import load_people
from example_site.demo.segments import load_segments
from wagtail_personalize.segments.refresh import ensure_today


class Command(BaseCommand):
    help = "Fill the sample intranet with people, segments and pages. Safe to run again: what editors changed stays."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not the demonstration (DEMO is off), so nothing was loaded.")
        started, today = monotonic(), timezone.localdate()
        people = load_people(today)
        self.stdout.write(f"{people} people")
        segments = load_segments()
        ensure_today()
        self.stdout.write(f"{len(segments)} segments")
        load_access()
        load_illustrations()
        pages = load_pages(today, segments)
        self.stdout.write(f"{pages} pages")
        self.stdout.write(self.style.SUCCESS(f"The demonstration is ready ({monotonic() - started:.0f} seconds)."))

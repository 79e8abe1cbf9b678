"""Fills the sample intranet: people, segments, pictures and pages."""

from datetime import date
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from example_site.demo.access import load_access
from example_site.demo.colleagues import load_colleagues
from example_site.demo.comments import load_comments
from example_site.demo.engagement import load_engagement
from example_site.demo.hashtags import load_hashtags
from example_site.demo.history import load_history
from example_site.demo.hr import load_mappings
from example_site.demo.illustrations import load_illustrations
from example_site.demo.local_editors import load_local_editors
from example_site.demo.media import load_media
from example_site.demo.more_to_target import load_documents, load_more, load_topics
from example_site.demo.notifications import load_notifications
from example_site.demo.pages import load_pages
from example_site.demo.people import load_people
from example_site.demo.segments import load_segments
from example_site.demo.subscriptions import load_subscriptions
from example_site.demo.target_groups import load_target_groups
from example_site.demo.timeline import load_timeline
from example_site.demo.translations import load_translations
from example_site.demo.ways import load_ways
from wagtail_personalize.engagement.reports.auditing import audit_segments
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.refresh import ensure_today
from wagtail_personalize.streams.notifications.telling import quietly


class Command(BaseCommand):
    help = "Fill the sample intranet with people, segments and pages. Safe to run again: what editors changed stays."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not the demonstration (DEMO is off), so nothing was loaded.")
        started = monotonic()
        with override(settings.LANGUAGE_CODE), quietly():  # these are no news, and nobody gets an e-mail
            self.load(timezone.localdate())
        self.stdout.write(self.style.SUCCESS(f"The demonstration is ready ({monotonic() - started:.0f} seconds)."))

    def load(self, today: date) -> None:
        people = load_people(today)
        self.stdout.write(f"{people} people")
        is_first_time = not Segment.objects.exists()
        segments = load_segments()
        ensure_today()
        if is_first_time:
            load_history(segments, today)
        self.stdout.write(f"{len(segments)} segments")
        load_access()
        load_mappings()
        load_illustrations()
        personas = load_target_groups(today, segments)
        self.stdout.write(f"{personas} personas")
        load_topics(segments)
        load_documents(segments)
        pages = load_pages(today, segments)
        translated = load_translations(today, segments, pages)
        load_more(today, segments)
        load_local_editors()
        load_ways()
        self.stdout.write(f"{len(pages.texts)} pages, {translated} translations")
        self.stdout.write(f"{load_hashtags()} hashtags")
        self.stdout.write(f"{load_subscriptions(segments)} subscriptions")
        load_media()
        self.stdout.write(f"{load_colleagues(segments)} people tell of their birthday")
        self.stdout.write(f"{load_timeline()} items in the timeline")
        self.stdout.write(f"{load_notifications()} notifications")
        self.stdout.write(f"{load_comments()} comments")
        self.stdout.write(f"{load_engagement(segments, today)} figures of what was read")
        self.stdout.write(f"{len(audit_segments().structure.groups) - 1} segments are told apart in reports")

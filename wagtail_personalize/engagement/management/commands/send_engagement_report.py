from typing import Any

from django.core.management.base import BaseCommand

from wagtail_personalize.engagement.reports.weekly.sending import send_weekly_report


class Command(BaseCommand):
    help = "Send the figures of the newest week that is over to who asked for them. It may run twice or late."

    def handle(self, *args: Any, **options: Any) -> None:
        week = send_weekly_report()
        self.stdout.write(f"Told: {week}." if week else "There is no week that was not told yet.")

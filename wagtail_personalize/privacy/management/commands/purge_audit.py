from typing import Any

from django.core.management.base import BaseCommand

from wagtail_personalize.privacy.retention import purge_all


class Command(BaseCommand):
    help = "Delete records about people that are kept only for a time. Run it daily; it may run twice or late."

    def handle(self, *args: Any, **options: Any) -> None:
        for label, number in purge_all():
            self.stdout.write(f"{number} {label} deleted.")

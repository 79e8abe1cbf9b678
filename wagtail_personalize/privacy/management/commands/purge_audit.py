from typing import Any

from django.core.management.base import BaseCommand

from wagtail_personalize.privacy.audit import purge_looks


class Command(BaseCommand):
    help = "Delete the log of looks at names that is older than twelve months. Run it daily; it may run twice or late."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{purge_looks()} entries deleted.")

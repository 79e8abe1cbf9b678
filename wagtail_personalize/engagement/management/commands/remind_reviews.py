from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from wagtail_personalize.engagement.upkeep.event import remind


class Command(BaseCommand):
    help = "Tell whoever looks after a page that its review date is over. It may run twice or late."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            number = remind()
        self.stdout.write(f"{number} pages have to be looked at again.")

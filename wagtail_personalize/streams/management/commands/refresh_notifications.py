"""``refresh_notifications``: every ten minutes or so, and after a worker was killed."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from ...notifications.refreshing import refresh


class Command(BaseCommand):
    help = "Writes the notifications that a killed or lost task left out. Safe to run at any time and twice."

    def handle(self, *args: Any, **options: Any) -> None:
        number = refresh()
        text = ngettext("%(number)d notification was missing.", "%(number)d notifications were missing.", number)
        self.stdout.write(text % {"number": number})

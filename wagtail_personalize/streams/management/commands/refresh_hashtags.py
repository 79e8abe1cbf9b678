"""Read the hashtags of all live pages again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from ...hashtag_uses import refresh


class Command(BaseCommand):
    help = "Reads the hashtags of all live pages again. Safe to run at any time and twice."

    def handle(self, *args: Any, **options: Any) -> None:
        pages, changed = refresh()
        read = ngettext("%(number)d page was read.", "%(number)d pages were read.", pages) % {"number": pages}
        what = ngettext("%(number)d use changed.", "%(number)d uses changed.", changed) % {"number": changed}
        self.stdout.write(self.style.SUCCESS(f"{read} {what}"))

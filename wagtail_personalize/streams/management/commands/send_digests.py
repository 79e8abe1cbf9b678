"""``send_digests``: as often as you like, every quarter of an hour say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import ngettext

from wagtail_personalize.segments.refresh import ensure_today

from ...mailing.digests import write_digests
from ...mailing.working import send_all


class Command(BaseCommand):
    help = "Writes the digests of everybody for whom it is time, and sends what is due. Safe to run twice, or late."

    def add_arguments(self, parser: CommandParser) -> None:
        words = "Write those of today now, whatever the hour; e-mails still wait for the end of quiet hours."
        parser.add_argument("--early", action="store_true", help=words)
        parser.add_argument("--no-send", action="store_true", help="Only write them into the outbox.")

    def handle(self, *args: Any, early: bool, no_send: bool, **options: Any) -> None:
        ensure_today()
        number = write_digests(early=early)
        self.stdout.write(
            ngettext("%(number)d digest was written.", "%(number)d digests were written.", number) % {"number": number}
        )
        if not no_send:
            handled = send_all()
            words = ngettext("%(number)d e-mail was handled.", "%(number)d e-mails were handled.", handled)
            self.stdout.write(words % {"number": handled})

"""``send_mail_outbox``: a worker that stays, or with ``--once`` one that sends what is due."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils.translation import ngettext

from ...mailing.working import send_all


class Command(BaseCommand):
    help = "Sends the e-mails that wait in the outbox. Any number may run at once, and be stopped at any moment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Send what is due and end.")
        parser.add_argument("--every", type=int, default=15, help="Look so many seconds apart (15).")

    def handle(self, *args: Any, once: bool, every: int, **options: Any) -> None:
        with _told_to_stop() as stop:
            handled = send_all(stop.is_set)
            while not once and not stop.wait(every):
                close_old_connections()
                handled += send_all(stop.is_set)
        words = ngettext("%(number)d e-mail was handled.", "%(number)d e-mails were handled.", handled)
        self.stdout.write(words % {"number": handled})


@contextmanager
def _told_to_stop() -> Iterator[Event]:
    """The mail that is being sent is still ended."""
    stop = Event()
    before = {name: signal.signal(name, lambda *_args: stop.set()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)

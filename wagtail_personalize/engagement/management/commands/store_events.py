import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils.translation import gettext as _

from wagtail_personalize.engagement.buffer.draining import drain
from wagtail_personalize.engagement.buffer.queue import RedisQueue, queue
from wagtail_personalize.engagement.counting.balances import Outcome


class Command(BaseCommand):
    help = "A worker that stores the beacons that wait in the buffer. Any number of them may run, and be killed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="store what waits, and end")
        parser.add_argument("--every", type=float, default=5, help="look so many seconds apart (5)")

    def handle(self, *args: Any, **options: Any) -> None:
        buffer = queue()
        if buffer is None:
            raise CommandError(_("There is no buffer. Name one in the setting ENGAGEMENT_BUFFER."))
        if options["once"]:
            self._tell(sum(drain(buffer), Outcome()))
            return
        while True:
            self._try(buffer)
            time.sleep(options["every"])

    def _try(self, buffer: RedisQueue) -> None:
        """What cannot be stored or read now waits for the next time."""
        close_old_connections()
        try:
            for outcome in drain(buffer):
                self._tell(outcome)
        except (DatabaseError, InterfaceError, *buffer.faults) as error:
            self.stderr.write(str(error))

    def _tell(self, outcome: Outcome) -> None:
        self.stdout.write(
            _("%(stored)s stored, %(duplicate)s told twice, %(rejected)s rejected, %(dropped)s dropped.")
            % vars(outcome)
        )

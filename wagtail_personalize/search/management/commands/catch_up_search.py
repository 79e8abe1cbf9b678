"""Tell the search server what it was not told while it was away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...backends.server.pending import catch_up


class Command(BaseCommand):
    help = "Tells the search server what it was not told while it was away. Safe to run at any time and twice."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = catch_up()
        except Exception as error:  # whatever an engine's client raises
            raise CommandError(f"The search server does not answer; what waits is kept. {error}") from error
        one, many = "The search server was told of one change.", "The search server was told of %(number)d changes."
        self.stdout.write(self.style.SUCCESS((one if done == 1 else many) % {"number": done}))

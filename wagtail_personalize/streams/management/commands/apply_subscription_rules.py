"""``apply_subscription_rules``: every night, and after a backup was restored."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from wagtail_personalize.segments.refresh import ensure_today

from ...automatic.applying import apply
from ...sources.ending import tidy


class Command(BaseCommand):
    help = "Bring automatic subscriptions in line with their rules, end those whose grace period is over, and tidy up."

    def handle(self, **options: Any) -> None:
        ensure_today()
        removed, done = tidy(), apply()
        self.stdout.write(
            _("%(began)d began, %(changed)d changed, %(ended)d ended, %(removed)d sources were gone.")
            % {"began": done.began, "changed": done.changed, "ended": done.ended, "removed": removed}
        )

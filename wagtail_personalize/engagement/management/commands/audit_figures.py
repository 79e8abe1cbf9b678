from typing import Any

from django.core.management.base import BaseCommand

from wagtail_personalize.engagement.reports.auditing import audit_segments
from wagtail_personalize.engagement.reports.findings import sentences


class Command(BaseCommand):
    help = "Find out which reporting segments may be told beside each other. Run it daily; it may run twice or late."

    def handle(self, *args: Any, **options: Any) -> None:
        audit = audit_segments()
        for sentence in sentences(audit.findings):
            self.stdout.write(sentence)
        told = max(len(audit.structure.groups) - 1, 0)
        self.stdout.write(f"{told} segments are told, {len(audit.findings)} are not.")

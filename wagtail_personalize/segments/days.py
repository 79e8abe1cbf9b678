"""The calendar that rules count in: whole local days of the site, whatever time zone a request has activated."""

from datetime import date, datetime

from django.utils import timezone


def today() -> date:
    """The current day in ``settings.TIME_ZONE``."""
    return datetime.now(timezone.get_default_timezone()).date()

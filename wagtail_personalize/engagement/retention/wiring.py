"""Registers what is deleted when its time is over, and listens for segments that go."""

from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.hookspecs import segments_deleting
from wagtail_personalize.privacy.retention import register_purge

from .checks import check_raw_days
from .deleted_segments import forget_segments
from .numbers import forget_rare_words, purge_figures, purge_looks, purge_remarks
from .raw_events import purge_raw_events


def connect() -> None:
    """Called once when the app is ready."""
    register(check_raw_days)
    register_purge(_("raw events of what was read"), purge_raw_events)
    register_purge(_("figures of what was read"), purge_figures)
    register_purge(_("words that were rarely searched for"), forget_rare_words)
    register_purge(_("looks at reports"), purge_looks)
    register_purge(_("remarks on pages"), purge_remarks)
    segments_deleting.connect(forget_segments, dispatch_uid="wagtail_personalize.engagement.retention")

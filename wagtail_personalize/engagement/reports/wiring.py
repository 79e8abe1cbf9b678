"""What the reports need when the app is ready."""

from django.utils.translation import gettext_lazy as _


def connect() -> None:
    from wagtail_personalize.privacy.retention import register_purge
    from wagtail_personalize.targeting.caching import never_shown

    from ..upkeep import event as review  # noqa: F401
    from . import admin, recorded
    from .weekly import event  # noqa: F401

    admin.attach()
    register_purge(_("looks at reports"), recorded.purge_looks)
    never_shown("personalize_engagement.ReportSubscription", "personalize_privacy.GroupAudit")

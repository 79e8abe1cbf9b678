from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunitiesConfig(AppConfig):
    name = "wagtail_personalize.communities"
    label = "personalize_communities"
    verbose_name = _("Personalisation: communities")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.checks import register

        from wagtail_personalize.privacy.retention import register_purge

        from . import activities, own_tables, recorded, tags  # noqa: F401
        from .checks import check_communities
        from .comments import door
        from .comments.reporting import purge_reports
        from .comments.writing import purge_removed

        activities.attach()
        door.attach()
        own_tables.declare()
        register_purge(_("removed comments"), purge_removed)
        register_purge(_("settled reports of comments"), purge_reports)
        register(check_communities, self.label)

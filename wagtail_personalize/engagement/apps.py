from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngagementConfig(AppConfig):
    name = "wagtail_personalize.engagement"
    label = "personalize_engagement"
    verbose_name = _("Personalisation: engagement")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import collecting
        from .reports import wiring as reports
        from .retention import wiring as retention

        collecting.connect()
        reports.connect()
        retention.connect()

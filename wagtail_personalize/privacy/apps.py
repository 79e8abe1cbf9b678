from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "wagtail_personalize.privacy"
    label = "personalize_privacy"
    verbose_name = _("Personalisation: privacy")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .checks import check_floor

        register(check_floor)

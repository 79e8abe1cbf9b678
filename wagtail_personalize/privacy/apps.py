from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "wagtail_personalize.privacy"
    label = "personalize_privacy"
    verbose_name = _("Personalisation: privacy")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import recorded_looks  # noqa: F401
        from .audit import purge_looks
        from .checks import check_floor, check_measurement
        from .retention import register_purge

        register(check_floor)
        register(check_measurement)
        register_purge(_("looks at names"), purge_looks)

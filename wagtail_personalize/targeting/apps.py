from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TargetingConfig(AppConfig):
    name = "wagtail_personalize.targeting"
    label = "personalize_targeting"
    verbose_name = _("Personalisation: targeting")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .template_calls import attach

        attach()

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    name = "wagtail_personalize.segments"
    label = "personalize_segments"
    verbose_name = _("Personalisation: segments")
    default_auto_field = "django.db.models.BigAutoField"

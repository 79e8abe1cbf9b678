from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    name = "wagtail_personalize.segments"
    label = "personalize_segments"
    verbose_name = _("Personalisation: segments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_personalize import hookspecs

        from . import receivers
        from .checks import check_segments

        register(check_segments)
        hookspecs.profiles_changing.connect(receivers.profiles_changing, dispatch_uid="personalize_segments.changing")
        hookspecs.profiles_changed.connect(receivers.profiles_changed, dispatch_uid="personalize_segments.profiles")
        hookspecs.names_changed.connect(receivers.names_changed, dispatch_uid="personalize_segments.names")
        hookspecs.audience_changed.connect(receivers.audience_changed, dispatch_uid="personalize_segments.audience")

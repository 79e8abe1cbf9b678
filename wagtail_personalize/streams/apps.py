from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StreamsConfig(AppConfig):
    name = "wagtail_personalize.streams"
    label = "personalize_streams"
    verbose_name = _("Personalisation: streams")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.checks import register

        from . import receivers, recorded, tags  # noqa: F401
        from .checks import check_streams
        from .inline_links import attach

        attach()
        receivers.connect()
        register(check_streams, self.label)

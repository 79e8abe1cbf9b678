from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class TargetingConfig(AppConfig):
    name = "wagtail_personalize.targeting"
    label = "personalize_targeting"
    verbose_name = _("Personalisation: targeting")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_personalize.segments.usage import register_usage

        from . import preview, receivers
        from .actions import wrap_actions
        from .admin import side_panel
        from .checks import check_targeting
        from .template_calls import attach
        from .where_used import blocks_with_segment, pages_with_segment

        attach()
        preview.attach()
        side_panel.attach()
        wrap_actions()
        receivers.connect()
        register_usage(pages_with_segment)
        register_usage(blocks_with_segment)
        checks.register(check_targeting)

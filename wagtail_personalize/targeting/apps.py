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

        from . import choosing, collection_audiences, doors, preview, printed_values, receivers, recorded  # noqa: F401
        from .actions import wrap_actions
        from .admin import collections, moving_files, side_panel
        from .caching.announcing import watch_connections
        from .caching.checks import check_caching
        from .checks import check_sources, check_targeting
        from .content import wiring as content
        from .template_calls import attach
        from .where_used import blocks_with_segment, collections_with_segment, pages_with_segment

        attach()
        printed_values.attach()
        choosing.attach()
        collection_audiences.connect()
        collections.attach()
        doors.attach()
        moving_files.attach()
        preview.attach()
        side_panel.attach()
        content.attach()
        wrap_actions()
        receivers.connect()
        watch_connections()
        register_usage(pages_with_segment)
        register_usage(collections_with_segment)
        register_usage(blocks_with_segment)
        checks.register(check_targeting)
        checks.register(check_sources, deploy=True)
        checks.register(check_caching)

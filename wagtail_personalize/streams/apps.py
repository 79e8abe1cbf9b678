from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StreamsConfig(AppConfig):
    name = "wagtail_personalize.streams"
    label = "personalize_streams"
    verbose_name = _("Personalisation: streams")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.checks import register

        from wagtail_personalize.privacy.retention import register_purge
        from wagtail_personalize.segments.admin.segment_page import register_place
        from wagtail_personalize.segments.usage import register_usage

        from . import activities, draftail, own_tables, receivers, recorded, recorded_subscriptions, tags  # noqa: F401
        from .admin.rule_views import place
        from .automatic.usage import rules_with_segment
        from .checks import check_streams
        from .inline_links import attach
        from .mailing import recorded as recorded_mails
        from .notifications import page_events, subscribed  # noqa: F401
        from .notifications import recorded as recorded_notifications  # noqa: F401
        from .notifications.refreshing import purge as purge_notices
        from .notifications.viewset import defaults_with_segment
        from .people_widgets import recorded as recorded_widgets  # noqa: F401
        from .saved_filters import recorded as recorded_filters  # noqa: F401
        from .saved_filters.saving import with_segment as filters_with_segment
        from .sources import colleagues, hashtags, pages  # noqa: F401
        from .subscribing.history import purge_changes
        from .timeline import recorded as recorded_timeline  # noqa: F401
        from .timeline.must_know import purge as purge_must_know

        attach()
        activities.attach()
        draftail.attach()
        own_tables.declare()
        receivers.connect()
        register_usage(rules_with_segment)
        register_usage(defaults_with_segment)
        register_usage(filters_with_segment)
        register_place(place)
        register_purge(_("past steps of subscriptions"), purge_changes)
        register_purge(_("must-know pages whose time is over"), purge_must_know)
        register_purge(_("records of e-mails"), recorded_mails.purge_mails)
        register_purge(_("notices, and who got them"), purge_notices)
        register(check_streams, self.label)

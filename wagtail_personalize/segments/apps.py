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
        from wagtail_personalize.privacy.retention import register_purge

        from . import activities, receivers, recorded  # noqa: F401
        from .checks import check_segments
        from .history import purge_past_memberships
        from .journeys import condition  # noqa: F401
        from .personas.usage import personas_of
        from .series import receivers as series
        from .usage import register_usage

        register(check_segments)
        register_usage(personas_of)
        register_purge(_("past memberships"), purge_past_memberships)
        hookspecs.profiles_changing.connect(receivers.profiles_changing, dispatch_uid="personalize_segments.changing")
        hookspecs.profiles_changed.connect(receivers.profiles_changed, dispatch_uid="personalize_segments.profiles")
        hookspecs.names_changed.connect(receivers.names_changed, dispatch_uid="personalize_segments.names")
        hookspecs.profiles_changed.connect(series.profiles_changed, dispatch_uid="personalize_segments.series")
        hookspecs.names_changed.connect(series.names_changed, dispatch_uid="personalize_segments.series_names")
        series.connect()
        hookspecs.audience_changed.connect(receivers.audience_changed, dispatch_uid="personalize_segments.audience")

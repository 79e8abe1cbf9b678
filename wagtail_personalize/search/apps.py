from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "wagtail_personalize.search"
    label = "personalize_search"
    verbose_name = _("Personalisation: search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.checks import register

        from wagtail_personalize.targeting.caching.tables import never_shown

        from . import receivers
        from .backends.checks import check_servers, check_whoosh

        receivers.connect()
        never_shown("personalize_search.PendingDocument")
        register(check_whoosh, self.label)
        register(check_servers, self.label)

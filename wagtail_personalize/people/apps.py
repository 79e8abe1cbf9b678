from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "wagtail_personalize.people"
    label = "personalize_people"
    verbose_name = _("Personalisation: people")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import receivers
        from .checks import check_people

        register(check_people, self.label)
        receivers.connect()

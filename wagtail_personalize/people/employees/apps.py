from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmployeesConfig(AppConfig):
    name = "wagtail_personalize.people.employees"
    label = "personalize_employees"
    verbose_name = _("Personalisation: employees")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import recorded  # noqa: F401

from django.apps import AppConfig


class IntranetConfig(AppConfig):
    name = "tests.intranet"
    label = "intranet"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import conditions  # noqa: F401

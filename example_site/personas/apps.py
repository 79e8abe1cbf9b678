from django.apps import AppConfig


class PersonasConfig(AppConfig):
    name = "example_site.personas"
    label = "personas"

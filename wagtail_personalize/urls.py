"""The package's own pages: ``path("people/", include("wagtail_personalize.urls"))``.

Collects the URLs of the rooms that the site installed, under the namespace ``wagtail_personalize``.
"""

from importlib import import_module

from django.apps import apps

app_name = "wagtail_personalize"

_ROOMS = ("privacy", "people", "targeting", "streams", "communities", "search", "engagement")

urlpatterns = [
    pattern
    for room in _ROOMS
    if apps.is_installed(f"wagtail_personalize.{room}")
    for pattern in import_module(f"wagtail_personalize.{room}.urls").urlpatterns
]

"""Personas in the menu of the admin."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet

from ...admin.menu import MENU_HOOK
from ..models import Persona
from .card import PersonaCard
from .listing import PersonaIndexView
from .matching import matching_view
from .panels import PERSONA_PANELS
from .values import values_view


class PersonaViewSet(ModelViewSet):
    """List, editor, card and history of personas; who would match a rule."""

    model = Persona
    name = "personalize_personas"
    url_prefix = "personalize/personas"
    icon = "user"
    menu_label = _("Personas")
    menu_order = 150
    menu_hook = MENU_HOOK
    inspect_view_enabled = True
    copy_view_enabled = False
    index_view_class = PersonaIndexView
    inspect_view_class = PersonaCard
    edit_handler = PERSONA_PANELS

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("values/", values_view, name="values"),
            path("matching/", matching_view, name="matching"),
        ]


persona_viewset = PersonaViewSet()

"""Employees and what they link to, in Wagtail's admin: one group *People*."""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from ..names import name_fields
from ..search import find_by_name
from .choosers import user_chooser_viewset
from .models import Country, Department, Division, EmployeeProfile, Interest, Language, Location, Skill


class EmployeeIndexView(IndexView):
    """Found by name, with case and accents folded."""

    is_searchable = True

    def search_queryset(self, queryset: Any) -> Any:
        return find_by_name(queryset, self.search_query) if self.is_searching else queryset

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("user", "department", "location")


class EmployeeViewSet(ModelViewSet):
    model = EmployeeProfile
    name = "personalize_employees"
    url_prefix = "personalize/people/employees"
    icon = "user"
    index_view_class = EmployeeIndexView
    list_display = ["__str__", "job_title", "department", "location"]
    list_filter = ["department", "division", "location", "employment_type", "work_mode", "shift"]
    copy_view_enabled = False
    inspect_view_enabled = True

    @property
    def ordering(self) -> list[str]:
        return [f"user__{name}" for name in reversed(name_fields(get_user_model()))]

    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("user", widget=user_chooser_viewset.widget_class),
                    FieldPanel("staff_number"),
                    FieldPanel("photo"),
                ],
                heading=_("Person"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel(name)
                    for name in ("department", "division", "location", "manager", "job_title", "function", "level")
                ],
                heading=_("Place in the company"),
            ),
            MultiFieldPanel(
                [FieldPanel(name) for name in ("employment_type", "work_mode", "shift", "hire_date")],
                heading=_("Employment"),
            ),
            MultiFieldPanel(
                [FieldPanel(name) for name in ("phone", "birthday", "languages", "skills", "interests")],
                heading=_("About the person"),
            ),
        ]
    )


class CodeAndNameViewSet(ModelViewSet):
    """A model with a code that rules use and a name that people read."""

    icon = "list-ul"
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
    form_fields = ["name", "code"]
    copy_view_enabled = False

    @cached_property
    def name(self) -> str:
        return f"personalize_{self.model_name}"

    @cached_property
    def url_prefix(self) -> str:
        return f"personalize/people/{self.model_name}"


class DepartmentViewSet(CodeAndNameViewSet):
    model = Department
    icon = "group"
    list_display = ["name", "code", "parent"]
    form_fields = ["name", "code", "parent"]


class DivisionViewSet(CodeAndNameViewSet):
    model = Division


class LocationViewSet(CodeAndNameViewSet):
    model = Location
    icon = "site"
    list_display = ["name", "code", "country"]
    form_fields = ["name", "code", "country", "address"]


class CountryViewSet(CodeAndNameViewSet):
    model = Country
    icon = "globe"


class LanguageViewSet(CodeAndNameViewSet):
    model = Language


class NameViewSet(CodeAndNameViewSet):
    """A model that has a name only."""

    list_display = ["name"]
    search_fields = ["name"]
    form_fields = ["name"]


class SkillViewSet(NameViewSet):
    model = Skill


class InterestViewSet(NameViewSet):
    model = Interest


#: Everything of this app that has a place in the admin.
viewsets = [
    EmployeeViewSet(),
    DepartmentViewSet(),
    DivisionViewSet(),
    LocationViewSet(),
    CountryViewSet(),
    LanguageViewSet(),
    SkillViewSet(),
    InterestViewSet(),
]


class PeopleViewSetGroup(ViewSetGroup):
    """In the menu *Personalisation* where that is installed, else in the main menu."""

    items = viewsets
    menu_label = _("People")
    menu_name = "personalize-people"
    menu_icon = "group"

    @cached_property
    def menu_hook(self) -> str:
        has_menu = apps.is_installed("wagtail_personalize.segments")
        return "register_personalize_menu_item" if has_menu else "register_admin_menu_item"


people_viewset_group = PeopleViewSetGroup()

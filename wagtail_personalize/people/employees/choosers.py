"""Choosing a colleague or a user by name in the admin, for those who may edit employees."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from ..names import name_fields, person_name
from ..search import find_by_name, find_in
from .models import EmployeeProfile

PERMISSIONS = ("personalize_employees.add_employeeprofile", "personalize_employees.change_employeeprofile")


class NameFilterForm(BaseFilterForm):
    """A search field that finds employees, or users, by name."""

    q = forms.CharField(label=_("Search term"), required=False, widget=forms.TextInput({"placeholder": _("Search")}))

    def filter(self, objects: QuerySet) -> QuerySet:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        if issubclass(objects.model, EmployeeProfile):
            return find_by_name(objects, self.search_query)
        return find_in(objects, self.search_query, [*name_fields(objects.model), objects.model.USERNAME_FIELD])


class EmployeeEditorsOnly:
    """Refuses everybody who may not edit employees: the list of names is not for every editor."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not any(request.user.has_perm(permission) for permission in PERMISSIONS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class WithNames(EmployeeEditorsOnly):
    """Lists names, for users beside the login name."""

    filter_form_class = NameFilterForm

    @property
    def columns(self) -> list[Column]:
        shown = super().columns
        if not issubclass(self.model_class, EmployeeProfile):
            shown.append(Column("name", label=_("Name"), accessor=person_name))
        return shown


class Choose(WithNames, chooser.ChooseView):
    pass


class ChooseResults(WithNames, chooser.ChooseResultsView):
    pass


#: What Django says of a key that the model cannot have.
_NO_KEY = (OverflowError, TypeError, ValidationError, ValueError)


class Chosen(EmployeeEditorsOnly, chooser.ChosenView):
    def get_object(self, pk: str) -> Model:
        try:
            return super().get_object(pk)
        except _NO_KEY:
            raise Http404 from None


class ChosenMultiple(EmployeeEditorsOnly, chooser.ChosenMultipleView):
    def get_objects(self, pks: list[str]) -> list[Model]:
        try:
            return list(super().get_objects(pks))
        except _NO_KEY:
            raise Http404 from None


class NameChooserViewSet(ChooserViewSet):
    icon = "user"
    choose_view_class = Choose
    choose_results_view_class = ChooseResults
    chosen_view_class = Chosen
    chosen_multiple_view_class = ChosenMultiple


class EmployeeChooserViewSet(NameChooserViewSet):
    """Registered for every foreign key to ``EmployeeProfile``, such as the manager."""

    model = EmployeeProfile
    choose_one_text = _("Choose a colleague")
    choose_another_text = _("Choose another colleague")

    def get_object_list(self) -> QuerySet:
        return EmployeeProfile.objects.select_related("user").order_by("pk")


class EmployeeUserChooserViewSet(NameChooserViewSet):
    """Whose profile it is."""

    model = get_user_model()
    register_widget = False
    choose_one_text = _("Choose a user")
    choose_another_text = _("Choose another user")


employee_chooser_viewset = EmployeeChooserViewSet(
    "personalize_employee_chooser", url_prefix="personalize/choose/employee"
)
user_chooser_viewset = EmployeeUserChooserViewSet("personalize_user_chooser", url_prefix="personalize/choose/user")

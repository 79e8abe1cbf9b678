"""*Erase a person* in Wagtail's admin: find the account, read what will happen, confirm. And lifting an erasure."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.menu import MenuItem

from ..admin_page import PermittedPageMixin
from .erasing import erase
from .lifting import erasures_of, lift

ERASE = "personalize_privacy.erase_person"
NAME = "personalize_erase_person"
LIFT = "personalize_privacy.lift_erasure"
LIFT_NAME = "personalize_lift_erasure"


class ErasePersonForm(forms.Form):
    """Names the account; the second time with the confirmation."""

    login = forms.CharField(label=gettext_lazy("Login name"), max_length=254)

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by = by

    def clean_login(self) -> str:
        users = get_user_model()
        self.person = users._base_manager.filter(**{users.USERNAME_FIELD: self.cleaned_data["login"]}).first()
        if self.person is None:
            raise ValidationError(_("Nobody is called so."))
        if self.person.pk == self._by.pk:
            raise ValidationError(_("Nobody can erase the account that they are working with."))
        if getattr(self.person, "is_superuser", False) and not self._by.is_superuser:
            raise ValidationError(_("Only a superuser can erase a superuser."))
        return self.cleaned_data["login"]


class ErasePersonView(PermittedPageMixin, FormView):
    """Nothing is erased without the second POST; no address names a person."""

    form_class = ErasePersonForm
    template_name = "wagtail_personalize/privacy/admin/erase_person.html"
    page_title = gettext_lazy("Erase a person")
    header_icon = "bin"
    permissions = (ERASE,)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def form_valid(self, form: ErasePersonForm) -> HttpResponse:
        if "confirmed" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, person=form.person))
        erase(form.person, by=self.request.user)
        messages.success(self.request, _("The person was erased."))
        return redirect(NAME)


class LiftErasureForm(forms.Form):
    """Names who was erased; the second time with the confirmation."""

    known_by = forms.CharField(label=gettext_lazy("Staff number or login name"), max_length=254)

    def clean_known_by(self) -> str:
        if not erasures_of(self.cleaned_data["known_by"]):
            raise ValidationError(_("Nobody with this staff number or login name was erased."))
        return self.cleaned_data["known_by"]


class LiftErasureView(PermittedPageMixin, FormView):
    """Nothing is lifted without the second POST; no address names a person."""

    form_class = LiftErasureForm
    template_name = "wagtail_personalize/privacy/admin/lift_erasure.html"
    page_title = gettext_lazy("Lift an erasure")
    header_icon = "rotate"
    permissions = (LIFT,)

    def form_valid(self, form: LiftErasureForm) -> HttpResponse:
        if "confirmed" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, is_found=True))
        lift(form.cleaned_data["known_by"], self.request.user)
        messages.success(self.request, _("The erasure was lifted. The next import may bring the person in again."))
        return redirect(LIFT_NAME)


class ErasureMenuItem(MenuItem):
    """Shown to those who have the permission that its page asks for."""

    def __init__(self, view: type[PermittedPageMixin], name: str, order: int) -> None:
        super().__init__(view.page_title, reverse(name), icon_name=view.header_icon, order=order)
        self._permissions = view.permissions

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perms(self._permissions)


def menu_item() -> ErasureMenuItem:
    """In the settings, beside the users."""
    return ErasureMenuItem(ErasePersonView, NAME, 650)


def lift_menu_item() -> ErasureMenuItem:
    return ErasureMenuItem(LiftErasureView, LIFT_NAME, 651)


urlpatterns = [
    path("erase-person/", ErasePersonView.as_view(), name=NAME),
    path("lift-erasure/", LiftErasureView.as_view(), name=LIFT_NAME),
]

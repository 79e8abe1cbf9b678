"""A colleague's page, one's own page, and editing it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from ..attributes import Attribute
from ..declaration import get_declaration
from ..loading import by_name, with_attributes
from ..models import ReportingLine
from .cards import PersonCard, card
from .completeness import completeness
from .own_form import own_form_class

#: More direct reports than these are found in the directory.
_MOST_REPORTS = 50


def _load(person_id: Any, attributes: list[Attribute], only_active: bool = True) -> Model | None:
    declaration = get_declaration()
    if declaration is None:
        raise Http404
    profiles = declaration.people() if only_active else declaration.profiles()
    try:
        return with_attributes(profiles, attributes).filter(**{declaration.person_path: person_id}).first()
    except (ValidationError, ValueError, OverflowError):
        return None


def _colleagues(people: QuerySet) -> list[PersonCard]:
    attributes = get_declaration().summary_attributes
    return [card(profile, attributes) for profile in with_attributes(people, attributes)[:_MOST_REPORTS]]


def _line(user: Any) -> dict[str, list[PersonCard]]:
    """The manager and the direct reports of a user, as far as they are active."""
    declaration = get_declaration()
    above = ReportingLine.objects.filter(person=user, depth=1).values("manager")
    below = ReportingLine.objects.filter(manager=user, depth=1).values("person")
    people = by_name(declaration.people())
    return {
        "managers": _colleagues(people.filter(**{f"{declaration.person_path}__in": above})),
        "reports": _colleagues(people.filter(**{f"{declaration.person_path}__in": below})),
    }


class PersonView(LoginRequiredMixin, TemplateView):
    """What colleagues may see of somebody."""

    template_name = "wagtail_personalize/people/person.html"

    def get_context_data(self, pk: str, **kwargs: Any) -> dict[str, Any]:
        declaration = get_declaration()
        attributes = declaration.visible_attributes if declaration else []
        profile = _load(pk, attributes)
        if profile is None:
            raise Http404
        person = card(profile, attributes)
        is_me = person.user.pk == self.request.user.pk
        return super().get_context_data(person=person, is_me=is_me, **_line(person.user), **kwargs)


class MyProfileView(LoginRequiredMixin, TemplateView):
    """All that is known of oneself, why and from whom, and what is still empty."""

    template_name = "wagtail_personalize/people/me.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        declaration = get_declaration()
        attributes = declaration.attributes if declaration else []
        profile = _load(self.request.user.pk, attributes, only_active=False)
        if profile is None:
            return super().get_context_data(person=None, **kwargs)
        return super().get_context_data(
            person=card(profile, attributes), completeness=completeness(profile), **_line(self.request.user), **kwargs
        )


class EditMyProfileView(LoginRequiredMixin, TemplateView):
    """The form over what one may keep oneself."""

    template_name = "wagtail_personalize/people/edit_me.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.profile = _load(request.user.pk, [], only_active=False)
        if self.profile is None:
            return HttpResponseRedirect(reverse("wagtail_personalize:me"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", own_form_class()(instance=self.profile, user=self.request.user))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = own_form_class()(request.POST, request.FILES, instance=self.profile, user=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        form.save()
        messages.success(request, _("Your profile is saved."))
        return HttpResponseRedirect(reverse("wagtail_personalize:me"))

"""What holds for the people of a segment who chose nothing themselves: in the menu of the admin."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Field, Q
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from wagtail_personalize.segments.admin.menu import MENU_HOOK
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rights import usable_by
from wagtail_personalize.segments.usage import Usage

from .events import event_called, events
from .models import PreferenceDefault


def _label(default: PreferenceDefault) -> str:
    event = event_called(default.event)
    return str(event.label) if event else default.event


class DefaultForm(WagtailAdminModelForm):
    """Offers the segments that its user may use, and the one that is chosen already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usable = Q(pk__in=usable_by(self.for_user).values("pk")) | Q(pk=self.instance.segment_id)
        self.fields["segment"].queryset = Segment.objects.filter(usable).order_by("name")


class DefaultsIndexView(IndexView):
    """In the order in which they count."""

    def get_base_queryset(self) -> Any:
        return PreferenceDefault.objects.select_related("segment")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("segment"),
            Column("event", label=_("Event"), accessor=_label),
            BooleanColumn("in_app", label=_("In the bell")),
            Column("mail", label=_("By e-mail"), accessor="get_mail_display"),
            Column("position", label=_("Order")),
        ]


class PreferenceDefaultViewSet(ModelViewSet):
    """List and editor; who may is said by the permissions of the model."""

    model = PreferenceDefault
    name = "personalize_notification_defaults"
    url_prefix = "personalize/notification-defaults"
    icon = "mail"
    menu_label = gettext_lazy("Defaults of notifications")
    menu_order = 270
    menu_hook = MENU_HOOK
    form_fields = ["segment", "event", "in_app", "mail", "position"]
    index_view_class = DefaultsIndexView
    copy_view_enabled = False

    def formfield_for_dbfield(self, db_field: Field, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "event":
            return forms.ChoiceField(label=db_field.verbose_name, choices=_choices)
        return super().formfield_for_dbfield(db_field, **kwargs)

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        fields = {"fields": self.get_form_fields(), "formfield_callback": self.formfield_for_dbfield}
        return forms.modelform_factory(self.model, form=DefaultForm, **fields)


def _choices() -> list[tuple[str, Any]]:
    return [(event.name, event.label) for event in events()]


def defaults_with_segment(segment: Segment) -> Iterator[Usage]:
    """Where the segment page says that it is used."""
    for default in PreferenceDefault.objects.filter(segment=segment.pk):
        try:
            url = reverse("personalize_notification_defaults:edit", args=[default.pk])
        except NoReverseMatch:
            url = ""
        yield Usage(_("Default of notifications"), _label(default), url)


preference_default_viewset = PreferenceDefaultViewSet()

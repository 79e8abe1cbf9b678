"""The form in which people keep their own profile.

It is made from the declaration and holds nothing but attributes with the source ``self`` that are fields of the profile
itself. Whatever else is posted is ignored, and only these columns are written, so nobody raises their own rights and
no import is overwritten.
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import DateField, Field, ManyToManyField, Model
from django.utils.translation import gettext_lazy as _

from ..appearing.choosing import form_fields, save_choices
from ..attributes import Attribute, Date
from ..birthdays import DayAndMonthField
from ..changes import changed, suppressed
from ..declaration import get_declaration
from ..loading import has_photos
from ..origins.writing import set_by

PHOTO_FIELD = "new_photo"
REMOVE_PHOTO_FIELD = "remove_photo"
#: More choices than this do not fit on a page as tick boxes.
_MOST_TICK_BOXES = 60


def own_attributes() -> list[Attribute]:
    """The attributes that people may edit themselves, except choices out of nothing."""
    declaration = get_declaration()
    fields = {f.name: f for f in declaration.profile_model._meta.get_fields() if isinstance(f, Field) and f.editable}
    own = [a for a in declaration.attributes if a.source == "self" and a.path in fields]
    return [a for a in own if _has_choices(fields[a.path])]


def _has_choices(field: Field) -> bool:
    return not field.is_relation or field.related_model._default_manager.exists()


def own_form_class() -> type[forms.ModelForm]:
    """The form over the site's profile model; its fields are named as the attributes' paths."""
    attributes = {attribute.path: attribute for attribute in own_attributes()}

    def formfield(model_field: Field, **kwargs: Any) -> forms.Field | None:
        return _formfield(model_field, attributes[model_field.name], kwargs)

    return forms.modelform_factory(
        get_declaration().profile_model, form=OwnProfileForm, fields=list(attributes), formfield_callback=formfield
    )


def _formfield(model_field: Field, attribute: Attribute, kwargs: dict[str, Any]) -> forms.Field | None:
    kwargs |= {"label": attribute.label, "help_text": attribute.help_text}
    if isinstance(attribute, Date) and attribute.yearless:
        return DayAndMonthField(required=not model_field.blank, **kwargs)
    if type(model_field) is DateField:
        kwargs["widget"] = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    if isinstance(model_field, ManyToManyField) and model_field.related_model.objects.count() <= _MOST_TICK_BOXES:
        kwargs["widget"] = forms.CheckboxSelectMultiple
    return model_field.formfield(**kwargs)


class OwnProfileForm(forms.ModelForm):
    """Base of the generated form; also asks for a photo where people may add their own, and where they appear."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.user = user
        if get_declaration().own_photo and has_photos():
            self.fields |= dict(_photo_fields(has_photo=self._photo is not None))
        self.fields |= form_fields(user)

    @property
    def _photo(self) -> Any:
        return getattr(self.instance, get_declaration().photo)

    def save(self, commit: bool = True) -> Model:
        """Write what was edited, and only that; announced as one change."""
        columns = [name for name in self.changed_data if name in self._plain_fields]
        with transaction.atomic():
            save_choices(self.user, self.cleaned_data)
            if self._save_photo():
                columns.append(get_declaration().photo)
            with suppressed():
                if columns:
                    self.instance.save(update_fields=columns)
                self._save_m2m()
            if names := self._changed_attributes():
                profiles = get_declaration().profile_model._base_manager.filter(pk=self.instance.pk)
                with set_by("self"):
                    changed(profiles, names, cause="profile")
        return self.instance

    @property
    def _plain_fields(self) -> set[str]:
        return {field.name for field in self._meta.model._meta.concrete_fields}

    def _changed_attributes(self) -> set[str]:
        return {a.name for a in get_declaration().attributes if a.path.split("__")[0] in self.changed_data}

    def _save_photo(self) -> bool:
        """Put the uploaded photo into the profile, or take the old one out; says whether the profile changed."""
        upload, remove = self.cleaned_data.get(PHOTO_FIELD), self.cleaned_data.get(REMOVE_PHOTO_FIELD)
        if not (upload or remove):
            return False
        from .photos import discard, new_photo

        old = self._photo
        setattr(self.instance, get_declaration().photo, new_photo(upload, self.user) if upload else None)
        transaction.on_commit(lambda: discard(old, self.user))
        return True


def _photo_fields(has_photo: bool) -> Iterator[tuple[str, forms.Field]]:
    from wagtail.images.fields import WagtailImageField

    yield PHOTO_FIELD, WagtailImageField(label=_("New photo") if has_photo else _("Photo"), required=False)
    if has_photo:
        yield REMOVE_PHOTO_FIELD, forms.BooleanField(label=_("Remove my photo"), required=False)

"""What stands chosen in a form of the admin, and what a form may choose.

The key of what was chosen comes from the browser or from a colleague; Wagtail tells its title to whoever opens the
form. Of what does not exist for the editor, a field says only that something is chosen, and keeps it. Nothing like that
can be chosen anew: it gets the answer of a key that is missing.
"""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseForm, ModelChoiceField
from django.utils.translation import gettext as _
from wagtail.admin import compare
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.forms.pages import CopyForm, MoveForm, ParentChooserForm
from wagtail.admin.widgets import BaseChooser
from wagtail.blocks import ChooserBlock
from wagtail.fields import StreamField

from wagtail_personalize.segments.context import current_viewer

from ..audiences import audience_index
from ..page_tree import page_model
from ..wrapping import wrap
from .known import GUARDED, is_known, working

Key = tuple[type[Model], str]

#: The form that is being checked: what was chosen in it before may stay.
_form: ContextVar[BaseForm | None] = ContextVar("wagtail_personalize_chosen", default=None)
#: On a viewer: what a form of the same request refused, so that it is not there when the form comes back.
_REFUSED = "_personalize_refused"


def attach() -> None:
    wrap(BaseChooser, "get_value_data", _told)
    for form_class in (WagtailAdminModelForm, CopyForm, MoveForm, ParentChooserForm):
        wrap(form_class, "full_clean", _checking)
    wrap(ModelChoiceField, "to_python", _picked)
    wrap(ChooserBlock, "value_from_form", _picked_in_block)
    wrap(CopyForm, "clean", _copying)
    wrap(compare.BlockComparison, "htmlvalue", _comparing)
    wrap(compare.BlockComparison, "htmldiff", _comparing)
    wrap(compare.ForeignObjectComparison, "get_objects", _compared)


def _told(original: Callable[..., Any], widget: BaseChooser, value: Any) -> Any:
    """What a chooser shows of its value."""
    told, viewer = original(widget, value), current_viewer()
    if not told or not issubclass(widget.model_class, GUARDED) or not audience_index(viewer).needs:
        return told
    found = widget.get_instance(value)
    if is_known(found, viewer):
        return told
    if _key(found) in viewer.__dict__.get(_REFUSED, ()):
        return None
    hidden = {name: _nothing(part) for name, part in told.items()}
    return hidden | {"id": told["id"], widget.display_title_key: _("Something that you may not see")}


def _nothing(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _nothing(inner) or 0 for name, inner in part.items()} | {"url": ""}
    return "" if isinstance(part, str) else None


def _checking(original: Callable[..., None], form: BaseForm) -> None:
    token = _form.set(form)
    try:
        original(form)
    finally:
        _form.reset(token)


def _picked(original: Callable[..., Any], field: ModelChoiceField, value: Any) -> Any:
    found = original(field, value)
    if isinstance(field.widget, BaseChooser) and _is_refused(found):
        raise ValidationError(field.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
    return found


def _picked_in_block(original: Callable[..., Any], block: ChooserBlock, value: Any) -> Any:
    found = original(block, value)
    return None if _is_refused(found) else found


def _is_refused(found: Any) -> bool:
    """Whether a form may not choose this anew; a program of the site chooses what it likes."""
    form, viewer = _form.get(), current_viewer()
    if not isinstance(found, Model):
        return False
    refused = viewer.__dict__.setdefault(_REFUSED, set())
    if form is not None and not is_known(found, viewer) and _key(found) not in set(_chosen_before(form)):
        refused.add(_key(found))
    return _key(found) in refused


def _chosen_before(form: BaseForm) -> Iterator[Key]:
    """The objects that the fields of a form lead to, as they were before."""
    for field in form._meta.model._meta.get_fields() if hasattr(form, "_meta") else ():
        value = form.initial.get(field.name)
        if isinstance(field, StreamField) and value:
            for model, key, *_rest in field.stream_block.extract_references(value):
                yield _root(model), str(key)
        elif field.many_to_one and value:
            yield _root(field.related_model), str(getattr(value, "pk", value))


def _copying(original: Callable[..., dict], form: CopyForm) -> dict:
    """Wagtail names the place to which a page may not be copied, and says which slugs are taken there."""
    if "new_parent_page" in form._errors:
        return form.cleaned_data
    cleaned = original(form)
    if "new_parent_page" in form._errors:
        form._errors.pop("new_slug", None)
        if not is_known(cleaned.get("new_parent_page") or form.page.get_parent()):
            message = form.fields["new_parent_page"].error_messages["invalid_choice"]
            form._errors["new_parent_page"] = form.error_class([message])
    return cleaned


def _comparing(original: Callable[..., str], comparison: Any, *args: Any) -> str:
    with working():
        return original(comparison, *args)


def _compared(original: Callable[..., tuple], comparison: Any) -> tuple:
    return tuple(found if found is None or is_known(found) else None for found in original(comparison))


def _key(found: Model) -> Key:
    return _root(type(found)), str(found.pk)


def _root(model: type[Model]) -> type[Model]:
    return page_model() if issubclass(model, page_model()) else model

"""Previews by the requests that Wagtail's editor makes."""

import json

from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from tests.builders import page
from tests.intranet.models import TargetedPage
from wagtail_personalize.targeting.preview_viewers import SEPARATOR

ONLY_SOME, FOR_ALL = "Only for some", "For all"


def mode(kind, key=""):
    """The name of a mode of a page that has one mode by itself."""
    return f"{SEPARATOR}{kind}:{key}"


def targeted(*segments):
    """A page with one block for these segments and one for everyone."""
    audience = {"include": [str(s.uuid) for s in segments], "exclude": [], "starts": None, "ends": None}
    body = [
        {"type": "note", "value": {"text": ONLY_SOME, "audience": audience}, "id": "a"},
        {"type": "note", "value": {"text": FOR_ALL, "audience": None}, "id": "b"},
    ]
    new = page("News", model=TargetedPage)
    new.body = new.body.stream_block.to_python(body)
    new.save_revision().publish()
    return TargetedPage.objects.get(pk=new.pk)


def preview(client, target, mode=""):
    """What the preview shows for the page as it is, by the two requests that the editor makes."""
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[target.pk])
    form = client.get(reverse("wagtailadmin_pages:edit", args=[target.pk])).context["form"]
    note = [
        {
            "text": child.value["text"],
            "audience-include": json.dumps((child.value["audience"] or {}).get("include", [])),
        }
        for child in target.body
    ]
    sent = nested_form_data(
        {
            **{name: value for name, value in form.initial.items() if isinstance(value, str | int | bool)},
            "body": streamfield([("note", value) for value in note]),
            "comments": inline_formset([]),
        }
    )
    assert client.post(url, sent).json()["is_valid"]
    return client.get(url, {"mode": mode})

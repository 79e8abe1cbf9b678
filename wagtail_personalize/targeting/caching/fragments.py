"""Parts of a page that are kept: ``{% personalized_cache %}`` and its like in Jinja2.

A fragment is kept for all viewers who agree in what *it* uses, so it may stand on a page that cannot be kept itself.
What was asked outside and passed on to it in a variable counts as well (``scopes.py``); a fragment to which something
personal was passed on is rendered each time.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from . import store
from .keys import PageState, Recipe, address_of, made_under
from .pages import PageRequest, holds_token
from .recorder import Recorder, recorder_of
from .tables import always_used
from .uses import Uses


def fragment(
    request: HttpRequest | None, seconds: float, name: str, vary: Sequence[Any], render: Callable[[], str]
) -> str:
    """What ``render`` gives, or gave for somebody who agrees; rendered where there is nothing to be sure of."""
    recorder = recorder_of(request)
    asked: PageRequest | None = getattr(request, "_personalize_page_request", None)
    if recorder is None or asked is None or asked.page is None:
        return render()
    page = PageState.of(asked.page)
    key = ("fragment", name, *address_of(request), page.id, [str(value) for value in vary])
    stored = _stored(recorder, key, page)
    return _rendered(recorder, asked, key, seconds, render) if stored is None else stored


def _stored(recorder: Recorder, key: tuple, page: PageState) -> SafeString | None:
    """What was kept for this page and viewers like this one."""
    if recorder.stack[-1].inherited().refused:
        return None
    for recipe in store.recipes(key):
        if recipe.page == page and (content := store.find(key, recipe, recorder.viewer)) is not None:
            return _given(recorder, recipe, content)
    return None


def _given(recorder: Recorder, recipe: Recipe, content: dict[str, Any]) -> SafeString:
    """The text; what it used counts for the page around it."""
    uses = Uses(set(recipe.segments), facts=set(recipe.facts), tables=set(recipe.tables), until=content["until"])
    with recorder.fragment() as used:
        used.add(uses)
    if content["personalised"]:
        recorder.viewer.mark()
    return mark_safe(content["text"])


def _rendered(recorder: Recorder, asked: PageRequest, key: tuple, seconds: float, render: Callable[[], str]) -> str:
    viewer, personalised = recorder.viewer, recorder.viewer.personalised
    viewer.personalised = False
    try:
        with recorder.fragment() as uses:
            text = render()
        _keep(recorder, asked, key, seconds, uses, text)
    finally:
        viewer.personalised |= personalised
    return text


def _keep(recorder: Recorder, asked: PageRequest, key: tuple, seconds: float, uses: Uses, text: str) -> None:
    viewer = recorder.viewer
    if not uses.refused and not holds_token(recorder.request, text):
        recipe = Recipe(
            PageState.of(asked.page),
            made_under(viewer),
            uses.segments_of(viewer),
            frozenset(uses.facts),
            frozenset(uses.tables) | always_used(type(asked.page)),
        )
        content = {"text": str(text), "until": uses.until, "personalised": viewer.personalised}
        store.store(key, recipe, uses, viewer, content, seconds)

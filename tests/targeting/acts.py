"""What editors and programs do to a tree of pages, drawn by Hypothesis and done through Wagtail's own doors."""

from contextlib import suppress
from itertools import count

from django.core.exceptions import ValidationError
from hypothesis import strategies as st
from wagtail.models import Locale, Page

from tests.builders import page
from tests.intranet.models import OtherPage, StandardPage
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.models import EffectiveAudience
from wagtail_personalize.targeting.page_audiences import set_page_audience

_slugs = count(1)
numbers = st.integers(min_value=0, max_value=30)


def acts(least=2, most=8):
    """A list of ``(name, number, number)``; a number picks a page, whatever pages there are by then."""
    often = ["move", "move", "move", "restrict", "copy", "alias"]
    return st.lists(st.tuples(st.sampled_from(often + sorted(ACTS)), numbers, numbers), min_size=least, max_size=most)


def do(name, first, second):
    """Do it, unless it makes no sense here."""
    pages = list(Page.objects.filter(depth__gt=1).order_by("pk"))
    one, other = (Page.objects.get(pk=pages[n % len(pages)].pk).specific for n in (first, second))
    ACTS[name](one, other, second)


def _add(parent, other, number):
    page(f"Page {number}", parent=parent, model=(StandardPage, OtherPage)[number % 2], slug=_slug())


def _publish(one, other, number):
    if not one.alias_of_id:
        one.save_revision().publish()


def _restrict(one, other, number):
    segments = list(Segment.objects.order_by("pk"))
    include = [s for place, s in enumerate(segments) if number >> place & 1]
    exclude = [s for place, s in enumerate(segments) if number >> place & 8]
    with suppress(ValidationError):  # people choose themselves into one of them
        set_page_audience(one, None, Clause.of(include, exclude), None)


def _move(one, target, number):
    if one.depth > 2 and not (target == one or target.is_descendant_of(one)):
        slug = _slug()
        Page.objects.filter(pk=one.pk).update(slug=slug)
        first = target.get_first_child()
        # Wagtail gives the first page below a copy the path "…0000", and treebeard cannot put another one before it.
        last = number % 2 or (first and first.path.endswith("0000"))
        Page.objects.get(pk=one.pk).move(target, pos="last-child" if last else "first-child")


def _alias(one, parent, number):
    if not (parent == one or parent.is_descendant_of(one)):
        one.create_alias(parent=parent, update_slug=_slug(), recursive=bool(number % 2))


def _copy(one, parent, number):
    if not (parent == one or parent.is_descendant_of(one)):
        one.copy(to=parent, update_attrs={"slug": _slug()}, recursive=bool(number % 2), keep_live=number % 3 > 0)


def _translate(one, other, number):
    locale = Locale.objects.get(language_code=("de", "nl")[number % 2])
    if one.locale != locale and not one.has_translation(locale):
        one.copy_for_translation(locale, copy_parents=True, alias=number % 3 == 0)


def _convert(one, other, number):
    alias = Page.objects.filter(alias_of__isnull=False).order_by("pk").first()
    if alias:
        alias = alias.specific
        alias.alias_of = None
        alias.save()


def _delete(one, other, number):
    if one.depth > 2:
        one.delete()


def _forget(one, other, number):
    """As if the rows had never been stored."""
    EffectiveAudience.objects.filter(page__in=one.get_descendants(inclusive=True)).delete()


def _break(one, other, number):
    segments = list(Segment.objects.order_by("pk"))
    Segment.objects.filter(pk=segments[number % len(segments)].pk).update(broken="" if number % 2 else "gone")
    versions.grow(versions.SEGMENTS)


def _choose(one, other, number):
    """A segment becomes one that people can choose themselves into, or no longer is."""
    segments = list(Segment.objects.order_by("pk"))
    Segment.objects.filter(pk=segments[number % len(segments)].pk).update(self_chosen=not number % 2)
    versions.grow(versions.SEGMENTS)


def _slug():
    return f"p{next(_slugs)}"


ACTS = {
    "add": _add,
    "alias": _alias,
    "break": _break,
    "choose": _choose,
    "convert": _convert,
    "copy": _copy,
    "delete": _delete,
    "forget": _forget,
    "move": _move,
    "publish": _publish,
    "restrict": _restrict,
    "translate": _translate,
}

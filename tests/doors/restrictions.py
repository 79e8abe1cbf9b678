"""The places where somebody may have restricted a page: on it, above it, in another language, on what it came from."""

from wagtail.models import Locale

from tests.builders import page, segment
from tests.targeting.restricting import restrict

TITLE = "Zorgvuldig"


def on_the_page(segment, without):
    found = page(TITLE)
    restrict(found, segment, without=[without])
    return found


def on_its_parent(segment, without):
    parent = page("Section")
    found = page(TITLE, parent=parent)
    restrict(parent, segment, without=[without])
    return found


def on_its_translation(segment, without):
    found = page(TITLE)
    german, _ = Locale.objects.get_or_create(language_code="de")
    translation = found.copy_for_translation(german, copy_parents=True)
    translation.title, translation.slug = "Anderer Titel", "anderer-titel"
    translation.save_revision().publish()
    restrict(translation, segment, without=[without])
    return found


def on_what_it_is_an_alias_of(segment, without):
    source = page("Source")
    restrict(source, segment, without=[without])
    alias = source.create_alias(parent=page("Elsewhere"), update_slug="zorgvuldig")
    alias.title = alias.draft_title = TITLE
    alias.save(clean=False)
    return alias


def on_what_it_was_copied_from(segment, without):
    source = page("Source")
    restrict(source, segment, without=[without])
    return source.copy(update_attrs={"title": TITLE, "slug": "zorgvuldig"}, keep_live=True)


RESTRICTIONS = [
    on_the_page,
    on_its_parent,
    on_its_translation,
    on_what_it_is_an_alias_of,
    on_what_it_was_copied_from,
]


def shut(restricted):
    """A page restricted in one of these ways: to Finance, but not to its managers."""
    finance = segment("Finance")
    managers = segment("Managers", {"all": [{"attribute": "level", "operator": "gte", "value": 9}]})
    return restricted(finance, managers)

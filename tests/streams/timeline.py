"""What a timeline has to show, found the slow and obvious way, and builders for it."""

from datetime import UTC, datetime, timedelta

from wagtail.models import Locale, Page

from tests.builders import page
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.open_pages import open_pages
from wagtail_personalize.streams.sources.kinds import kinds
from wagtail_personalize.streams.subscribing.models import Level, Subscription

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def published(title="A page", *, day=None, **fields):
    """A page that was published, on a day of 2026 if it matters."""
    if day is not None:
        fields["first_published_at"] = BEGIN + timedelta(days=day)
    new = page(title, live=False, **fields)
    new.save_revision().publish()
    return type(new).objects.get(pk=new.pk)


def translated(of, language="de", day=None):
    """The page in another language, published."""
    locale, _ = Locale.objects.get_or_create(language_code=language)
    new = of.copy_for_translation(locale, copy_parents=True)
    if day is not None:
        Page.objects.filter(pk=new.pk).update(first_published_at=BEGIN + timedelta(days=day))
        new.refresh_from_db()
    new.save_revision().publish()
    return type(of).objects.get(pk=new.pk)


def slowly(person, everything=False):
    """The pages of somebody's timeline, by asking for every page of the site whether it belongs there."""
    rows = Subscription.objects.filter(person=person, level__gte=Level.NORMAL).values_list(
        "source__kind", "source__key"
    )
    mine, live = set(rows), list(Page.objects.filter(live=True, first_published_at__isnull=False))
    opened = set(open_pages(Viewer.for_person(person)).values_list("pk", flat=True))
    names = {one.pk: set() for one in live}
    for kind in kinds():
        for pk, keys in kind.keys_of(live).items():
            names[pk] |= {(kind.name, key) for key in keys}
    families = {}
    for one in live:
        families.setdefault(one.translation_key, []).append(one)
    found = []
    for family in families.values():
        place = min(one.first_published_at.replace(microsecond=0) for one in family), min(one.pk for one in family)
        brought = [one for one in family if one.pk in opened and (everything or names[one.pk] & mine)]
        if brought:
            active = Locale.get_active().pk
            found.append((place, min(brought, key=lambda one: (one.locale_id != active, one.locale_id)).pk))
    return [pk for _place, pk in sorted(found, reverse=True)]


def read_all(ask, number=3):
    """The ids of all pages of a list, read part by part."""
    found, after = [], None
    while True:
        part = ask(after, number)
        found += [item.page.pk for item in part.items]
        if part.after is None:
            return found
        assert part.items
        after = part.after

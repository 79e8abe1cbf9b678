"""Saying what is followed, in tests."""

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.automatic.models import Mode
from wagtail_personalize.streams.automatic.rules import Wanted, set_rule
from wagtail_personalize.streams.sources.finding import name_of, source_for
from wagtail_personalize.streams.subscribing import choosing
from wagtail_personalize.streams.subscribing.models import Level, Subscription
from wagtail_personalize.streams.subscribing.reading import followed_by

from ..builders import user


def choose(person, obj, level=Level.NORMAL):
    return choosing.choose(person.pk, name_of(obj), level)


def rule(segment, obj, mode=Mode.ON, grace_days=0, *, by=None, keep_people=True):
    """Set a rule as somebody who may; a mode of 0 switches it off."""
    by = by or user(is_superuser=True)
    return set_rule(Wanted(source_for(name_of(obj)), segment, mode, grace_days), by, keep_people=keep_people)


def level(person, obj):
    """The level that is in force, 0 without a subscription."""
    kind, key = name_of(obj)
    rows = Subscription.objects.filter(person=person, source__kind=kind, source__key=key)
    return rows.values_list("level", flat=True).first() or 0


def followed(person):
    """The labels of what somebody sees that they follow."""
    return [one.shown.label for one in followed_by(Viewer.for_person(person))]


def change(person, **values):
    """Save a profile."""
    for name, value in values.items():
        setattr(person.staff, name, value)
    person.staff.save()

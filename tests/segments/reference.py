"""What a rule means, once more: slow, obvious, person by person, and without a database query language.

``matches`` is held against the compiled ``Q`` of a rule and ``is_in`` against the effective definition of a segment.
They read rules as ``SEMANTICS`` states them and share only the folding of texts with the code that they check.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.folding import fold

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Definition:
    """A segment: its rule, and the login names on its two lists."""

    rule: dict
    included: frozenset = frozenset()
    excluded: frozenset = frozenset()


def is_in(definition, profile, today, segments=None):
    """Is this person in the segment? Exclude beats include, and who has left is in nothing."""
    name = profile.user.username
    if not profile.user.is_active or name in definition.excluded:
        return False
    return name in definition.included or matches(definition.rule, profile, today, segments)


def matches(rule, profile, today, segments=None):
    """Does this profile satisfy the rule? ``segments`` are definitions, or mere rules, by short name."""
    if "all" in rule:
        return all(matches(part, profile, today, segments) for part in rule["all"])
    if "any" in rule:
        return any(matches(part, profile, today, segments) for part in rule["any"])
    if "none" in rule:
        return not any(matches(part, profile, today, segments) for part in rule["none"])
    if "attribute" in rule:
        return attribute_matches(rule, profile, today)
    return special_matches(rule, profile, today, segments or {})


def special_matches(condition, profile, today, segments):
    value = condition.get("value")
    match condition["operator"]:
        case "nobody":
            return False
        case "in_segment":
            return is_in(defined(segments[value]), profile, today, segments)
        case "not_in_segment":
            return not is_in(defined(segments[value]), profile, today, segments)
        case "in_group":
            return value in [group.name for group in profile.user.groups.all()]
        case "not_in_group":
            return value not in [group.name for group in profile.user.groups.all()]
        case "reports_to":
            above = managers(profile)
            return value in [boss.user.username for boss in (above[:1] if condition["depth"] == "direct" else above)]
        case "not_reports_to":
            return not special_matches({**condition, "operator": "reports_to"}, profile, today, segments)


def defined(segment):
    """A mere rule stands for a segment without lists."""
    return segment if isinstance(segment, Definition) else Definition(segment)


def managers(profile):
    """The managers above, nearest first; a circle ends where it closes."""
    above = []
    boss = profile.manager
    while boss is not None and boss not in above and boss != profile:
        above.append(boss)
        boss = boss.manager
    return above


def attribute_matches(condition, profile, today):
    attribute = get_declaration().get(condition["attribute"])
    operator, value = condition["operator"], condition.get("value")
    values = values_of(profile, attribute)
    if operator == "is_empty":
        return values == []
    if operator == "is_set":
        return values != []
    if attribute.kind in ("text", "choice"):
        return text_matches(operator, [fold(str(each)) for each in values], value)
    if attribute.kind == "number":
        return number_matches(operator, values, value)
    if attribute.kind == "date":
        days = [local_day(each) for each in values]
        return date_matches(operator, days, value, condition.get("unit"), today, attribute.yearless)
    if attribute.kind == "yes_no":
        return (value in values) == (operator == "is")
    if attribute.kind == "many":
        return many_matches(operator, values, value)
    return relation_matches(operator, values, value, attribute.key)


def values_of(profile, attribute):
    """All values at the end of the attribute's path; missing ones are not in the list."""
    found = [profile]
    for name in attribute.path.split("__"):
        reached = []
        for each in found:
            value = getattr(each, name)
            reached += list(value.all()) if hasattr(value, "all") else [value]
        found = [each for each in reached if each is not None]
    if attribute.kind in ("text", "choice", "many"):
        found = [each for each in found if not isinstance(each, str) or fold(each)]
    return found


def text_matches(operator, values, value):
    wanted = [fold(each) for each in value] if isinstance(value, list) else fold(value)
    match operator:
        case "is":
            return wanted in values
        case "is_not":
            return wanted not in values
        case "is_one_of":
            return any(each in wanted for each in values)
        case "is_none_of":
            return not any(each in wanted for each in values)
        case "contains":
            return any(wanted in each for each in values)
        case "does_not_contain":
            return not any(wanted in each for each in values)
        case "starts_with":
            return any(each.startswith(wanted) for each in values)
        case "does_not_start_with":
            return not any(each.startswith(wanted) for each in values)


def number_matches(operator, values, value):
    value = [exactly(each) for each in value] if isinstance(value, list) else exactly(value)
    values = [exactly(each) for each in values]
    match operator:
        case "is":
            return any(each == value for each in values)
        case "is_not":
            return not any(each == value for each in values)
        case "lt":
            return any(each < value for each in values)
        case "lte":
            return any(each <= value for each in values)
        case "gt":
            return any(each > value for each in values)
        case "gte":
            return any(each >= value for each in values)
        case "between":
            return any(value[0] <= each <= value[1] for each in values)
        case "is_not_between":
            return not any(value[0] <= each <= value[1] for each in values)


def exactly(number):
    """A number or one written out, as the fraction that its digits say."""
    return Fraction(str(number))


def date_matches(operator, days, value, unit, today, yearless):
    match operator:
        case "on":
            return any(day.isoformat() == value for day in days)
        case "is_not_on":
            return not any(day.isoformat() == value for day in days)
        case "before":
            return any(day.isoformat() < value for day in days)
        case "after":
            return any(day.isoformat() > value for day in days)
        case "between":
            return any(value[0] <= day.isoformat() <= value[1] for day in days)
        case "is_not_between":
            return not any(value[0] <= day.isoformat() <= value[1] for day in days)
        case "in_the_last":
            return any(moved(today, -value, unit) <= day <= today for day in days)
        case "more_than_ago":
            return any(day < moved(today, -value, unit) for day in days)
        case "in_the_next":
            return any(today <= day <= moved(today, value, unit) for day in days)
        case "anniversary_within":
            last = moved(today, value, unit)
            return any(comes_round(day, today, last, yearless) for day in days)


def comes_round(day, first, last, yearless):
    """Walk through the window day by day."""
    while first <= last:
        if same_day_of_year(day, first) and (yearless or day.year < first.year):
            return True
        first += timedelta(days=1)
    return False


def same_day_of_year(day, other):
    if (day.month, day.day) == (2, 29) and monthrange(other.year, 2)[1] == 28:
        return (other.month, other.day) == (2, 28)
    return (day.month, day.day) == (other.month, other.day)


def moved(day, amount, unit):
    if unit in ("days", "weeks"):
        return day + timedelta(**{unit: amount})
    months = day.year * 12 + day.month - 1 + amount * (12 if unit == "years" else 1)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def local_day(value):
    return value.astimezone(BERLIN).date() if isinstance(value, datetime) else value


def relation_matches(operator, objects, value, key):
    keys = [getattr(each, key) for each in objects]
    match operator:
        case "is":
            return value in keys
        case "is_not":
            return value not in keys
        case "is_one_of":
            return any(each in value for each in keys)
        case "is_none_of":
            return not any(each in value for each in keys)
        case "is_under":
            return any(getattr(node, key) in value for each in objects for node in upwards(each))
        case "is_not_under":
            return not any(getattr(node, key) in value for each in objects for node in upwards(each))


def upwards(node):
    """The node and all nodes above it."""
    line = []
    while node is not None and node not in line:
        line.append(node)
        node = node.parent
    return line


def many_matches(operator, values, value):
    """Related objects by name, or texts compared folded."""
    if any(isinstance(each, str) for each in values):
        has, wanted = {fold(each) for each in values}, {fold(each) for each in value}
    elif all(hasattr(each, "name") for each in values):
        has, wanted = {each.name for each in values}, set(value)
    match operator:
        case "has_any":
            return bool(has & wanted)
        case "has_all":
            return wanted <= has
        case "has_none":
            return not (has & wanted)

"""Fills the site: a person, segments, and the pages that are measured. Runs with the package present."""

import json
import sys
from uuid import uuid4

BLOCKS = 50
WORDS = "Everybody who starts with us gets a bicycle, a desk and somebody to ask. "


def prepare() -> dict[str, str]:
    """An empty site with a person who is signed in; returns the cookie of the session."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return {"cookie": _session(_person())}


def _person():
    from django.contrib.auth import get_user_model

    from .models import Staff

    user = get_user_model().objects.create_user("ada", email="ada@example.com")
    Staff.objects.create(user=user, department="Everyone")
    return user


def _session(user) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


def fill(segments: int, kind: str) -> dict[str, str]:
    """So many segments, of which the person is in every tenth, and pages of one kind of block that use them."""
    _more_segments(segments)
    everyone, mine, halves = _choices()
    return {
        "plain": _page("plain", kind, [everyone] * BLOCKS, with_key=False),
        "untargeted": _page("untargeted", kind, [everyone] * BLOCKS),
        "visible": _page("visible", kind, mine),
        "half": _page("half", kind, halves),
    }


def fill_cached(segments: int, kind: str) -> dict[str, str]:
    """The page with every block visible, once open to everybody and once restricted to a segment of the person."""
    from wagtail_personalize.segments.models import Segment
    from wagtail_personalize.targeting.audiences import Clause
    from wagtail_personalize.targeting.page_audiences import set_page_audience

    from .models import BlockPage

    _more_segments(segments)
    _everyone, mine, _halves = _choices()
    paths = {"open": _page("open", kind, mine), "restricted": _page("restricted", kind, mine)}
    clause = Clause.of(Segment.objects.order_by("pk")[:1])
    set_page_audience(BlockPage.objects.get(slug="restricted"), None, clause, None)
    return paths


def fill_other(segments: int, kind: str) -> dict[str, str]:
    """The same for wagtail-personalisation: everybody who is signed in is in every tenth segment."""
    from wagtail_personalisation.models import Segment
    from wagtail_personalisation.rules import QueryRule, UserIsLoggedInRule

    for number in range(Segment.objects.count(), segments):
        segment = Segment.objects.create(name=f"Segment {number}")
        if number % 10 == 0:
            UserIsLoggedInRule.objects.create(segment=segment, is_logged_in=True)
        else:
            QueryRule.objects.create(segment=segment, parameter="none", value=f"value-{number}")
    keys = list(Segment.objects.order_by("pk").values_list("pk", flat=True))
    mine, others = keys[::10], [key for place, key in enumerate(keys) if place % 10]
    halves = [str(others[n % len(others)] if n % 2 else mine[n % len(mine)]) for n in range(BLOCKS)]
    return {
        "plain": _page("plain", kind, [{"segment": "-1"}] * BLOCKS),
        "half": _page("half", kind, [{"segment": key} for key in halves]),
    }


def _more_segments(wanted: int) -> None:
    from wagtail_personalize.segments.models import Segment
    from wagtail_personalize.segments.refresh import refresh

    for number in range(Segment.objects.count(), wanted):
        department = "Everyone" if number % 10 == 0 else f"Department {number}"
        rule = {"all": [{"attribute": "department", "operator": "is", "value": department}]}
        Segment.objects.create(name=f"Segment {number}", slug=f"segment-{number}", rule=rule)
    Segment.objects.get_or_create(name="Nobody", slug="nobody", rule={**_RULE_OF_NOBODY})
    refresh()


_RULE_OF_NOBODY = {"all": [{"attribute": "department", "operator": "is", "value": "None at all"}]}


def _choices() -> tuple[None, list[dict], list[dict]]:
    """For each block an audience that the person passes; and the same with every second one that she does not."""
    from wagtail_personalize.segments.models import Segment

    uuids = [str(uuid) for uuid in Segment.objects.order_by("pk").values_list("uuid", flat=True)]
    mine, others = uuids[::10], [uuid for place, uuid in enumerate(uuids) if place % 10]
    chosen = [_audience([mine[n % len(mine)]], [others[n % len(others)]] if n % 3 == 0 else []) for n in range(BLOCKS)]
    halves = [_audience([others[n % len(others)]], []) if n % 2 else choice for n, choice in enumerate(chosen)]
    return None, chosen, halves


def _audience(include: list[str], exclude: list[str]) -> dict:
    return {"include": include, "exclude": exclude, "starts": None, "ends": None}


def _page(name: str, kind: str, audiences: list, *, with_key: bool = True) -> str:
    from wagtail.models import Page, Site

    from .models import BlockPage

    root = Site.objects.get(is_default_site=True).root_page
    BlockPage.objects.filter(slug=name).delete()
    target = Page.objects.get(pk=root.pk)
    body = [
        _block(number, kind, target.pk, *([audience] if with_key else [])) for number, audience in enumerate(audiences)
    ]
    root = Page.objects.get(pk=root.pk)
    root.add_child(instance=BlockPage(title=name.title(), slug=name, body=json.dumps(body)))
    return f"/{name}/"


def _block(number: int, kind: str, target: int, *audience) -> dict:
    value = {"heading": f"Heading {number}", "text": WORDS}
    if kind == "card":
        value |= {"text": f"<p>{WORDS * 3}<b>Welcome!</b></p><ul><li>{WORDS}</li></ul>", "link": target}
    if audience:
        value |= audience[0] if "segment" in (audience[0] or ()) else {"audience": audience[0]}
    return {"type": kind, "value": value, "id": str(uuid4())}


if __name__ == "__main__":
    import django

    django.setup()
    from benchmarks.page_site.variants import variants

    actions = {"variants": variants, "prepare": prepare, "fill": fill, "fill_cached": fill_cached}
    actions["fill_other"] = fill_other
    result = actions[sys.argv[1]](*(int(word) if word.isdigit() else word for word in sys.argv[2:]))
    print(json.dumps(result))

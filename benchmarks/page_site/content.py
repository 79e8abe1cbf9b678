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
        value["audience"] = audience[0]
    return {"type": kind, "value": value, "id": str(uuid4())}


if __name__ == "__main__":
    import django

    django.setup()
    result = prepare() if sys.argv[1] == "prepare" else fill(int(sys.argv[2]), sys.argv[3])
    print(json.dumps(result))

"""What the people of the demonstration say about the news, and how they react: ``content/comments.toml``."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import Page

from wagtail_personalize.communities.comments.writing import write
from wagtail_personalize.communities.models import Comment, CommentReaction, PageReaction
from wagtail_personalize.people.names import person_name
from wagtail_personalize.segments.viewer import Viewer

CONTENT = Path(__file__).parent / "content" / "comments.toml"
_MENTION = re.compile(r"\{@([\w.]+)\}")
#: In which order the reactions to a comment come.
_KINDS = ("like", "like", "love", "like", "idea", "celebrate")

User = get_user_model()


def load_comments() -> int:
    """Returns how many comments there are. They are written once; whatever was said since stays."""
    if not Comment.objects.exists():
        told = tomllib.loads(CONTENT.read_text())
        for thread in told["threads"]:
            _say(thread, _page(thread["page"]), timedelta(hours=thread["hours"]))
        for reactions in told["reactions"]:
            _react(_page(reactions.pop("page")), reactions)
    return Comment.objects.count()


def _page(slug: str) -> Page:
    return Page.objects.live().get(slug=slug)  # personalize: everybody


def _someone(by: str) -> Any:
    """By login name, or the first with this job title."""
    people = User.objects.filter(is_active=True)
    return people.filter(username=by).first() or people.filter(employeeprofile__job_title=by).earliest("pk")


def _say(told: dict[str, Any], page: Page, ago: timedelta, parent: Comment | None = None) -> None:
    chosen = [_someone(name) for name in _MENTION.findall(told["text"])]
    names = {someone.username: person_name(someone) for someone in chosen}
    text = _MENTION.sub(lambda found: "@" + names[found[1]], told["text"])
    viewer, ids = Viewer.for_person(_someone(told["by"])), [str(someone.pk) for someone in chosen]
    comment = write(page, viewer, text, parent=parent, chosen=ids)
    moment = timezone.now() - ago
    Comment.objects.filter(pk=comment.pk).update(created_at=moment)
    people = User.objects.filter(is_active=True).exclude(pk=viewer.person_id).order_by("last_name", "pk")
    CommentReaction.objects.bulk_create(
        CommentReaction(comment=comment, person=someone, kind=_KINDS[number % len(_KINDS)], at=moment)
        for number, someone in enumerate(people[comment.pk * 3 : comment.pk * 3 + told["liked"]])
    )
    for number, reply in enumerate(told.get("replies", []), 1):
        _say(reply, page, ago * (1 - number / 6), comment)


def _react(page: Page, numbers: dict[str, int]) -> None:
    people = iter(User.objects.filter(is_active=True).order_by("first_name", "pk"))
    kinds = [kind for kind, number in numbers.items() for _each in range(number)]
    PageReaction.objects.bulk_create(
        PageReaction(translation_key=page.translation_key, person=someone, kind=kind, at=timezone.now())
        for kind, someone in zip(kinds, people, strict=False)
    )

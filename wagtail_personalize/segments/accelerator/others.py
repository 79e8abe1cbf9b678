"""Topics beside the attributes: groups, the reporting line, lists of named people."""

from typing import Any

from wagtail_personalize.people.declaration import ProfileDeclaration
from wagtail_personalize.people.models import ReportingLine

from ..models import ManualMember
from .scope import Scope
from .topics import Topic

#: So many keys may be listed in a statement; with more, all rows are read.
MOST_LISTED = 500


def groups(declaration: ProfileDeclaration) -> Topic:
    """Values are the keys of Django groups."""
    return Topic(rows=related(declaration, f"{declaration.user}__groups__pk"))


def superiors() -> Topic:
    """Values are a superior's key and the number of steps up to there; what is common to them is whether it is one."""
    topic = Topic(normal=lambda value: (value[0], value[1] == 1))

    def rows(scope: Scope):
        lines = ReportingLine.objects.filter(scope.among("person"))
        managers = {manager for manager, _direct in topic.equal}
        if len(managers) <= MOST_LISTED:
            lines = lines.filter(manager__in=managers)
        return lines.order_by().values_list("person", "manager", "depth")

    topic.rows = rows
    return topic


def lists() -> Topic:
    """Values are a segment's key and on which of its two lists the person stands."""
    topic = Topic()

    def rows(scope: Scope):
        return ManualMember.objects.filter(scope.among("person")).order_by().values_list("person", "segment", "always")

    topic.rows = rows
    return topic


def related(declaration: ProfileDeclaration, path: str) -> Any:
    """How values at the end of a path that meets many of them are read."""

    def rows(scope: Scope):
        person = declaration.person_path
        return declaration.profiles().filter(scope.among(person)).order_by().values_list(person, path)

    return rows

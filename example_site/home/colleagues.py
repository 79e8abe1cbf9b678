"""The people around somebody: new faces, who leads a team. Only for those who are signed in."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from wagtail_personalize import viewer_for
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.employees.models import Department, EmployeeProfile, Location
from wagtail_personalize.people.models import TreePath

from .languages import in_language

NEW_FOR = timedelta(days=90)


def active() -> QuerySet:
    """All who work here now."""
    declaration = get_declaration()
    return declaration.profiles().filter(declaration.active).select_related("user", "department", "location", "photo")


def profile_for(request: HttpRequest) -> EmployeeProfile | None:
    """The profile of whoever is signed in, if there is one; looked up once per request."""
    if not hasattr(request, "_own_profile"):
        person_id = viewer_for(request).person_id
        mine = active().select_related("user__wagtail_userprofile").filter(user=person_id)
        request._own_profile = mine.first() if person_id is not None else None
    return request._own_profile


def new_faces(people: QuerySet, limit: int = 4) -> list[EmployeeProfile]:
    """Who joined in the last three months, latest first."""
    today = timezone.localdate()
    return list(people.filter(hire_date__range=(today - NEW_FOR, today)).order_by("-hire_date", "pk")[:limit])


def around(me: EmployeeProfile) -> dict[str, Any]:
    """What the start page says about the person's own place."""
    neighbours = active().filter(location=me.location).exclude(pk=me.pk)
    return {
        "place": _place(me.location),
        "people_count": neighbours.count() + 1,
    }


def _place(location: Location | None) -> Any:
    """The page of a location, in the language that is shown if there is one."""
    return in_language(location.pages.select_related("picture")).first() if location else None


def of_department(department: Department) -> dict[str, Any]:
    """Its size, its head (the person of the highest level in it) and its teams with theirs."""
    below = TreePath.objects.filter(tree="personalize_employees.department", ancestor=str(department.pk))
    keys = [int(key) for key in below.values_list("descendant", flat=True)]
    people = active().filter(department__in=keys)
    heads = {}
    for profile in people.order_by("-level", "pk"):
        heads.setdefault(profile.department_id, profile)
    teams = Department.objects.filter(parent=department)
    return {
        "people_count": people.count(),
        "head": heads.get(department.pk),
        "teams": [{"team": team, "head": heads.get(team.pk)} for team in teams],
    }

"""A declaration over the test site's profile with every kind of attribute over every kind of path."""

from tests.intranet.people import StaffProfile
from wagtail_personalize.people.attributes import Choice, Date, Link, Many, Number, Text, Tree, YesNo

NAME = f"{__name__}.WideProfile"


class WideProfile(StaffProfile):
    attributes = [
        *StaffProfile.attributes,
        Text("manager_title", "Job title of the manager", path="manager__job_title"),
        Choice("roles", "Roles", path="user__groups__name"),
        Choice("grade", "Grade", path="level"),
        Number("own_number", "Own number", path="user__pk"),
        Number("team_level", "Levels in the team", path="reports__level"),
        Date("account", "Account since", path="user__date_joined"),
        Date("team_hired", "Hire dates in the team", path="reports__hired"),
        Link("boss", "Boss", path="manager", key="staff_number"),
        Link("team_office", "Offices of the team", path="reports__office", key="code"),
        Tree("manager_unit", "Unit of the manager", path="manager__unit", key="code"),
        Many("groups", "Groups", path="user__groups", key="name"),
        Many("skill_names", "Names of skills", path="skills__name"),
    ]


class NoManager(StaffProfile):
    manager = None


class WrongProfile(StaffProfile):
    """Declares attributes over fields that are missing or of another kind."""

    attributes = [
        Text("gone", "Gone", path="office__planet"),
        Number("wrong_number", "Number", path="department"),
        Date("wrong_date", "Date", path="level"),
        Text("wrong_text", "Text", path="office"),
        Link("wrong_link", "Link", path="department"),
        YesNo("wrong_yes", "Yes or no", path="level"),
    ]

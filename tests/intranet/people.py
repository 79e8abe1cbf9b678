"""The declaration that the test site writes over its own profile model."""

from wagtail_personalize.people.attributes import Choice, Date, Link, Many, Number, Text, Tree, YesNo
from wagtail_personalize.people.declaration import ProfileDeclaration


class StaffProfile(ProfileDeclaration):
    model = "intranet.Staff"
    user = "user"
    staff_number = "staff_number"
    manager = "manager"
    hired = "hired"
    birthday = "birthday"
    in_common = {
        "skills": "shares the skill %(value)s",
        "office": "also in %(value)s",
        "city": "in %(value)s, too",
        "hired": "joined in the same month",
    }
    attributes = [
        Text("last_name", "Last name", path="user__last_name"),
        Choice("department", "Department"),
        Text("job_title", "Job title"),
        Number("level", "Level"),
        Date("hired", "Hire date"),
        Date("birthday", "Birthday", yearless=True, source="self"),
        YesNo("remote", "Works remotely"),
        Text("motto", "Motto", source="self"),
        Tree("unit", "Unit", key="code"),
        Link("office", "Office", key="code"),
        Choice("city", "City", path="office__city"),
        Many("skills", "Skills", key="name", source="self"),
    ]

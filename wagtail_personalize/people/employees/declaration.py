"""A declaration for ``EmployeeProfile``, ready to be named as ``PROFILE`` or to be inherited and adapted."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..attributes import Choice, Date, Link, Many, Number, Text, Tree
from ..declaration import ProfileDeclaration

_ADDRESSING = _("So that news and pages reach those whom they concern.")
_FINDING = _("So that colleagues find each other.")
_TENURE = _("So that new colleagues are welcomed and anniversaries are not forgotten.")


class EmployeeDeclaration(ProfileDeclaration):
    model = "personalize_employees.EmployeeProfile"
    user = "user"
    staff_number = "staff_number"
    manager = "manager"
    language = "language"
    photo = "photo"
    own_photo = True
    directory = ["department", "division", "location", "country", "function", "languages", "skills"]
    summary = ["job_title", "department", "location"]
    hired = "hire_date"
    birthday = "birthday"
    in_common = {
        "skills": _("shares the skill %(value)s"),
        "interests": _("shares the interest %(value)s"),
        "department": _("also in the department %(value)s"),
        "location": _("also in %(value)s"),
        "function": _("does the same: %(value)s"),
        "hire_date": _("joined in the same month"),
        "languages": _("speaks %(value)s, too"),
    }
    attributes = [
        Tree("department", _("Department"), key="code", purpose=_ADDRESSING),
        Link("division", _("Division"), key="code", purpose=_ADDRESSING),
        Link("location", _("Location"), key="code", purpose=_ADDRESSING),
        Link("country", _("Country"), path="location__country", key="code", purpose=_ADDRESSING),
        Text("job_title", _("Job title"), purpose=_FINDING),
        Choice("function", _("Function"), purpose=_ADDRESSING),
        Number("level", pgettext_lazy("in the hierarchy", "Level"), purpose=_ADDRESSING, visible=False),
        Choice("employment_type", _("Employment type"), purpose=_ADDRESSING, visible=False),
        Choice("work_mode", _("Work mode"), purpose=_ADDRESSING),
        Choice("shift", _("Shift"), purpose=_ADDRESSING),
        Date("hire_date", _("Hire date"), purpose=_TENURE),
        Date(
            "birthday",
            _("Birthday"),
            yearless=True,
            source="self",
            purpose=_("So that colleagues can congratulate, if you like. Kept without the year."),
        ),
        Text("phone", _("Phone"), source="self", purpose=_FINDING),
        Choice(
            "language",
            _("Language of the intranet"),
            source="self",
            visible=False,
            purpose=_("So that pages and messages come in your language."),
        ),
        Many("languages", _("Languages"), key="code", source="self", purpose=_FINDING),
        Many("skills", _("Skills"), key="name", source="self", purpose=_FINDING),
        Many("interests", _("Interests"), key="name", source="self", purpose=_FINDING),
    ]

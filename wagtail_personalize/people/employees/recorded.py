"""What this app keeps of a person where the site has declared another profile; else the declaration tells it all."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.privacy.recorded import Row, Section, register_recorded

from .models import EmployeeProfile


@register_recorded
class EmployeeProfileSection(Section):
    name = "employee_profile"
    title = _("Your employee profile")
    purpose = _("Kept by this intranet beside your profile.")
    retention = _("As long as you have an account.")
    models = ("personalize_employees.EmployeeProfile",)
    order = 25

    def rows(self, person: Any) -> list[Row]:
        declaration = get_declaration()
        if declaration is not None and issubclass(declaration.profile_model, EmployeeProfile):
            return []
        profile = EmployeeProfile.objects.filter(user=person).first()
        fields = [field for field in EmployeeProfile._meta.fields if field.name not in ("id", "user")]
        found = [(capfirst(field.verbose_name), getattr(profile, field.name, None)) for field in fields]
        return [Row(label, value) for label, value in found if value not in (None, "")]

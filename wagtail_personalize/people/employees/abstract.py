"""The fields of an employee, to be inherited by a site's own profile.

A subclass may replace any field, for example to link to departments that the site already has; then the app
``wagtail_personalize.people.employees`` need not be installed.
"""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.images import get_image_model_string

from ..birthdays import BirthdayField
from ..names import person_name


def site_languages() -> list[tuple[str, str]]:
    """The languages that the site speaks, each by its own name where the settings say so."""
    return list(settings.LANGUAGES)


class EmploymentType(models.TextChoices):
    PERMANENT = "permanent", pgettext_lazy("employment", "Permanent")
    FIXED_TERM = "fixed_term", _("Fixed term")
    TEMPORARY = "temporary", _("Temporary work")
    APPRENTICE = "apprentice", _("Apprentice")
    INTERN = "intern", _("Intern")
    CONTRACTOR = "contractor", _("Contractor")


class WorkMode(models.TextChoices):
    ON_SITE = "on_site", _("On site")
    HYBRID = "hybrid", _("Hybrid")
    REMOTE = "remote", _("Remote")


class Shift(models.TextChoices):
    DAY = "day", pgettext_lazy("shift", "Day")
    EARLY = "early", _("Early shift")
    LATE = "late", _("Late shift")
    NIGHT = "night", _("Night shift")
    ROTATING = "rotating", _("Rotating shifts")


class AbstractEmployeeProfile(models.Model):
    """What an intranet usually knows of an employee."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="%(class)s",
        verbose_name=pgettext_lazy("account", "user"),
    )
    staff_number = models.CharField(_("staff number"), max_length=50, unique=True, null=True, blank=True)

    department = models.ForeignKey(
        "personalize_employees.Department",
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    division = models.ForeignKey(
        "personalize_employees.Division",
        verbose_name=_("division"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    location = models.ForeignKey(
        "personalize_employees.Location",
        verbose_name=_("location"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    manager = models.ForeignKey(
        "self", verbose_name=_("manager"), null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )

    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    function = models.CharField(_("function"), max_length=150, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    employment_type = models.CharField(_("employment type"), max_length=20, choices=EmploymentType, blank=True)
    work_mode = models.CharField(_("work mode"), max_length=20, choices=WorkMode, blank=True)
    shift = models.CharField(_("shift"), max_length=20, choices=Shift, blank=True)
    hire_date = models.DateField(_("hire date"), null=True, blank=True)

    birthday = BirthdayField(_("birthday"), null=True, blank=True)
    phone = models.CharField(
        _("phone"),
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^\+?[0-9 ()./-]*$", _("A phone number has digits, spaces and + ( ) . / - only."))],
    )
    photo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("photo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    language = models.CharField(
        _("language of the intranet"),
        max_length=35,
        choices=site_languages,
        blank=True,
        help_text=_("In this language the intranet and its messages speak to you, as far as they can."),
    )
    languages = models.ManyToManyField(
        "personalize_employees.Language", verbose_name=_("languages"), blank=True, related_name="+"
    )
    skills = models.ManyToManyField(
        "personalize_employees.Skill", verbose_name=_("skills"), blank=True, related_name="+"
    )
    interests = models.ManyToManyField(
        "personalize_employees.Interest", verbose_name=_("interests"), blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return person_name(self.user)

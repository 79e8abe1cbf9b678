"""Who set a value, and when: what is kept of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ValueOrigin(models.Model):
    """Who set this attribute of this person last. An empty ``attribute`` stands for all that have no later row.

    So somebody new costs one row, and a value that changes afterwards another one. The attribute ``*`` stands for a
    change that did not say what it changed: it takes no origin away and only casts doubt on the older ones. Values are
    not kept here. The rows go with the person; without any, the origin of a value was not recorded.
    """

    class Source(models.TextChoices):
        IMPORT = "import", _("import from HR")
        ADMIN = "admin", _("administration")
        SELF = "self", _("the person")
        BULK = "bulk", _("change of many profiles")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    attribute = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=10, choices=Source)
    at = models.DateTimeField()
    run = models.ForeignKey("personalize_people.ImportRun", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "attribute"], name="personalize_valueorigin_once")]

    def __str__(self) -> str:
        return f"{self.attribute or 'everything'} of {self.person_id}: {self.source}"

"""What the widgets remember of who looks at them."""

from django.conf import settings
from django.db import models


class WidgetFilter(models.Model):
    """Somebody narrowed a widget down, such as the new colleagues to those in IT. Only they themselves see it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    #: Which widget: its name in ``kinds.py``.
    widget = models.CharField(max_length=20)
    #: The declared attribute and its value, as the directory asks for it.
    attribute = models.CharField(max_length=100)
    value = models.CharField(max_length=250)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "widget", "attribute"], name="personalize_widget_filter")
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.widget} {self.attribute}"

"""What people chose about being shown to colleagues outside of the directory. Whoever chose nothing has no row."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Appearance(models.Model):
    """One person's choices. Not an attribute: no rule can ask for it."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    stays_out = models.BooleanField(
        _("Leave me out of all lists of colleagues on start pages"),
        default=False,
        help_text=_("You remain in the directory, where colleagues find you by your name."),
    )
    shows_birthday = models.BooleanField(
        _("Tell colleagues when it is my birthday"),
        default=False,
        help_text=_("The day and the month, never the year."),
    )
    shows_anniversary = models.BooleanField(
        _("Tell colleagues when I have been here for another year"),
        default=False,
        help_text=_("How many years it is, and on which day."),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.person_id)

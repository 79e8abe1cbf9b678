"""What somebody chose about being shown, on the page "What is recorded about me"."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded

from .models import Appearance


@register_recorded
class AppearanceSection(Section):
    name = "appearance"
    title = gettext_lazy("Where colleagues are told of you")
    purpose = gettext_lazy("So that you decide whether you appear in lists of colleagues.")
    retention = gettext_lazy("Until you choose otherwise, or your account ends.")
    models = ("personalize_people.Appearance",)
    order = 26

    def rows(self, person: Any) -> list[Row]:
        chosen = Appearance.objects.filter(person=person).first()
        if chosen is None:
            return []
        fields = [Appearance._meta.get_field(name) for name in ("stays_out", "shows_birthday", "shows_anniversary")]
        return [Row(field.verbose_name, _("yes") if getattr(chosen, field.name) else _("no")) for field in fields]

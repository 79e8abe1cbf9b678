"""What the persona form is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList

PERSONA_PANELS = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("segment"),
                FieldPanel("summary"),
                FieldPanel("portrait"),
            ],
            heading=_("Who it is"),
            icon="user",
        ),
        MultiFieldPanel(
            [
                FieldPanel("needs"),
                FieldPanel("motivation"),
                FieldRowPanel([FieldPanel("channel"), FieldPanel("format")]),
            ],
            heading=_("What these people need and prefer"),
            icon="info-circle",
        ),
        InlinePanel(
            "topics",
            [FieldPanel("topic"), FieldRowPanel([FieldPanel("knowledge"), FieldPanel("frequency")])],
            heading=_("Topics"),
            label=_("Topic"),
            icon="list-ul",
        ),
        InlinePanel(
            "examples",
            [FieldPanel("name"), FieldPanel("values")],
            heading=_("Example people"),
            label=_("Example person"),
            icon="group",
            help_text=_(
                "Invented people with values that such people have. They appear in previews and tell whether a rule"
                " would match them; they are never counted."
            ),
        ),
    ]
)

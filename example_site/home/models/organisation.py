"""Where we work and in which division: pages beside what HR tells us."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from wagtail_personalize.people.employees.models import Department, Location

from .. import colleagues
from .base import ContentPage


class LocationPage(ContentPage):
    """A site of the company: how to get there, when it is open, who works there."""

    location = models.ForeignKey(
        Location, verbose_name=_("location"), null=True, blank=True, on_delete=models.SET_NULL, related_name="pages"
    )
    country = models.CharField(_("country"), max_length=60)
    address = models.TextField(_("address"))
    hours = models.CharField(_("opening hours"), max_length=120, blank=True)
    reception = models.CharField(_("reception"), max_length=40, blank=True)
    getting_there = models.TextField(_("getting there"), blank=True)

    content_panels = [
        *ContentPage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("location"),
                FieldPanel("country"),
                FieldPanel("address"),
                FieldPanel("hours"),
                FieldPanel("reception"),
                FieldPanel("getting_there"),
            ],
            heading=_("Facts"),
        ),
    ]
    search_fields = [*ContentPage.search_fields, index.SearchField("address"), index.SearchField("country")]

    class Meta:
        verbose_name = _("location page")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        if request.user.is_authenticated and self.location:
            people = colleagues.active().filter(location=self.location)
            context |= {"people_count": people.count(), "new_faces": colleagues.new_faces(people)}
        return context


class DepartmentPage(ContentPage):
    """A division: what it does, who leads it, which teams it has."""

    department = models.ForeignKey(
        Department, verbose_name=_("department"), null=True, blank=True, on_delete=models.SET_NULL, related_name="pages"
    )
    contact = models.EmailField(_("contact"), blank=True)

    content_panels = [*ContentPage.content_panels, FieldPanel("department"), FieldPanel("contact")]

    class Meta:
        verbose_name = _("team page")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        if request.user.is_authenticated and self.department:
            context |= colleagues.of_department(self.department)
        return context

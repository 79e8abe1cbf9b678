"""Which imports touched a person, and which imports a person ran."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_moment

from .importing.models import Departure, ImportRun
from .importing.uploads import ImportMapping, ImportUpload
from .origins.reading import Origins


@register_recorded
class ImportsSection(Section):
    """Only imports of which a value still stands can be told: older ones are not kept for each person."""

    name = "imports"
    title = gettext_lazy("Imports from HR that brought values of yours")
    purpose = gettext_lazy("So that it can be checked where a value comes from.")
    retention = gettext_lazy("As long as a value that they brought is kept.")
    models = ("personalize_people.ValueOrigin",)
    order = 400

    def rows(self, person: Any) -> list[Row]:
        runs = ImportRun.objects.filter(pk__in=Origins(person.pk).runs()).order_by("-started_at")
        return [Row(run.file_name, said_moment(run.started_at)) for run in runs]


@register_recorded
class DeparturesSection(Section):
    name = "departures"
    title = gettext_lazy("That an import has marked you as somebody who left")
    purpose = gettext_lazy("So that an import may make you active again, should you come back.")
    retention = gettext_lazy("Until you are active again, or your account is deleted.")
    models = ("personalize_people.Departure",)
    order = 410

    def rows(self, person: Any) -> list[Row]:
        found = Departure.objects.filter(person=person).select_related("run")
        return [Row(row.run.file_name if row.run else _("An import"), said_moment(row.at)) for row in found]


@register_recorded
class ImportsByMeSection(Section):
    name = "own_imports"
    title = gettext_lazy("Imports that you ran or prepared")
    purpose = gettext_lazy("So that it can be checked who changed the records of people.")
    retention = gettext_lazy("As long as the history of imports is kept; an uploaded file at most one week.")
    models = (
        "personalize_people.ImportRun",
        "personalize_people.ImportUpload",
        "personalize_people.ImportMapping",
    )
    order = 820

    def rows(self, person: Any) -> list[Row]:
        mine = Q(by=person)
        runs = [(run.file_name, run.started_at, _("Import")) for run in ImportRun.objects.filter(mine)]
        runs += [(upload.file_name, upload.at, _("Uploaded file")) for upload in ImportUpload.objects.filter(mine)]
        mappings = ImportMapping.objects.filter(changed_by=person)
        runs += [(mapping.name, mapping.changed_at, _("Mapping last changed by you")) for mapping in mappings]
        runs.sort(key=lambda run: run[1], reverse=True)
        return [Row(name, said_moment(at), [(_("What"), what)]) for name, at, what in runs]

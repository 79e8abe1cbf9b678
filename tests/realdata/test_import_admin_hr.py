"""Real HR files through the wizard over HTTP, from the upload to the report."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.intranet.models import Staff
from tests.people.conftest import importer, wizard
from tests.people.importers import address, private, texts
from wagtail_personalize.people.importing.models import ImportRun

__all__ = ["importer", "private", "wizard"]

DATA = Path(__file__).parents[3] / "shared" / "data"
MAPPINGS = Path(__file__).parent / "mappings"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.exists(), reason="the data folder is not there"),
]


def content(name):
    return (DATA / name / "people.csv").read_bytes()


class TestRealFiles:
    @pytest.mark.parametrize(("name", "people"), [("hr-oracle", 107), ("hr-employees-10k", 10_000)])
    def test_go_through_the_wizard_with_their_mapping_files(self, wizard, name, people):
        toml = SimpleUploadedFile(f"{name}.toml", (MAPPINGS / f"{name}.toml").read_bytes())
        wizard.upload(content(name), mapping_file=toml)
        before = wizard.last.mapping
        wizard.columns()
        assert wizard.last.mapping == before
        counts = wizard.last.preview["counts"]
        assert counts["new"] + counts["left"] == people
        assert f"The first 20 of {counts['new']}" in texts(wizard.page("preview"))
        wizard.confirm()
        run = ImportRun.objects.get()
        assert run.counts == counts
        assert Staff.objects.count() == people
        assert "Finished" in texts(wizard.client.get(address("run", run.pk)))

    def test_change_nothing_when_they_come_again(self, wizard):
        toml = (MAPPINGS / "hr-oracle.toml").read_bytes()
        for _time in range(2):
            wizard.upload(content("hr-oracle"), mapping_file=SimpleUploadedFile("m.toml", toml))
            wizard.columns()
            page = texts(wizard.page("preview"))
            wizard.confirm()
        assert "Nothing would change" in page

    def test_are_guessed_well_enough_to_begin_with(self, wizard):
        wizard.upload(content("hr-oracle"))
        said = wizard.last.mapping
        assert said["match"] == "Staff no"
        assert said["manager"] == {"column": "Manager"}
        assert {"First name", "Last name", "E-mail", "Department", "Hired"} <= set(said["columns"])

"""Somebody who imports people through the admin, step by step."""

import re

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse


def address(name, *args):
    return reverse(f"personalize_imports:{name}", args=args)


def uploads():
    return apps.get_model("personalize_people.ImportUpload").objects


@pytest.fixture
def private(settings, tmp_path):
    """Uploads of a test lie in a folder of its own."""
    folder = tmp_path / "hr"
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "hr": backend}
    settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "IMPORT_STORAGE": "hr"}
    return folder


class Wizard:
    """The wizard over HTTP; ``commit`` runs what waits for the commit, as the end of a request does."""

    def __init__(self, client, commit):
        self.client = client
        self._commit = commit

    def post(self, name, *args, data=None):
        with self._commit(execute=True):
            return self.client.post(address(name, *args), data or {})

    def upload(self, content, name="people.csv", **data):
        content = content if isinstance(content, bytes) else content.encode()
        return self.post("upload", data={"file": SimpleUploadedFile(name, content, "text/csv"), **data})

    @property
    def last(self):
        """The upload that was made last, as stored now."""
        return uploads().order_by("-at").first()

    def page(self, name="columns"):
        return self.client.get(address(name, self.last.pk))

    def form(self):
        """What the form of the columns would send if nobody changed it."""
        form = self.page().context["form"]
        data = {"header": form.header}
        for each in [*form.columns, form.general]:
            for field in each:
                value = field.value()
                if value not in (None, False, ""):
                    data[field.html_name] = "on" if value is True else value
        return data

    def place(self, column):
        """The name of the form field that says what this column fills."""
        form = self.page().context["form"]
        return next(f"c{n}-to" for n, each in enumerate(form.columns) if each.column == column)

    def columns(self, button="compare", **data):
        return self.post("columns", self.last.pk, data={**self.form(), button: "1", **data})

    def confirm(self, **data):
        """Agree to the preview as it is now, unless ``seen`` says to another one."""
        shown = self.page("preview").context if "seen" not in data else None
        seen = {"seen": shown["seen"]} if shown else {}
        return self.post("preview", self.last.pk, data={**seen, **data})


def texts(response):
    """What stands on a page, without tags and white space."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))

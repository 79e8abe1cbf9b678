"""What is known about a person beside the account: profile, photo, and what imports still hold."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F, Model, QuerySet
from wagtail.images import get_image_model

from wagtail_personalize.privacy.erasure.removing import remove

from .declaration import get_declaration
from .folded_values import tidy
from .importing.models import ImportRun
from .importing.purging import forget_files
from .importing.uploads import ImportUpload

#: How the marks of erased people call it.
STAFF_NUMBER = "staff_number"


def staff_numbers(users: QuerySet) -> Iterator[tuple[Any, str]]:
    """Keys of users with their staff numbers."""
    declaration = get_declaration()
    if declaration is None or not declaration.staff_number:
        return
    profiles = declaration.profiles().order_by().filter(**{f"{declaration.user}__in": users})
    for key, number in profiles.values_list(declaration.person_path, declaration.staff_number).iterator():
        if number not in (None, ""):
            yield key, str(number)


def wait_for_imports() -> None:
    """A batch of an import holds its run: none is half done now, and the next one sees the erasure."""
    ImportRun.objects.filter(state=ImportRun.State.RUNNING).update(seen_at=F("seen_at"))


def erase_profile(user: Any) -> int:
    """The profile, and its photo unless that is used elsewhere."""
    declaration = get_declaration()
    profile = declaration.profile_of(user.pk) if declaration else None
    if profile is None:
        return 0
    photo = getattr(profile, declaration.photo) if declaration.photo else None
    remove(profile)
    if isinstance(photo, get_image_model()) and not photo.get_usage().count():
        photo.delete()
    transaction.on_commit(tidy)
    return 1


def erase_uploads(_user: Any) -> int:
    """HR files that nobody works on now, and remarks on single people: they may name anybody."""
    busy = (ImportUpload.State.WAITING, ImportUpload.State.IMPORTING)
    uploads = list(ImportUpload.objects.exclude(state__in=busy))
    for upload in uploads:
        transaction.on_commit(lambda upload=upload: forget_files(upload))
    ImportUpload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
    for run in ImportRun.objects.filter(report__notes__isnull=False):
        _forget_notes(run)
    return len(uploads)


def _forget_notes(run: Model) -> None:
    run.report = {name: value for name, value in run.report.items() if name != "notes"}
    run.save(update_fields=["report"])

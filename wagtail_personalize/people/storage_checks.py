"""A system check that keeps uploaded HR files off the web."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

from wagtail_personalize.conf import get_settings

from .importing.storage import import_storage


def check_import_storage(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """``IMPORT_STORAGE`` names a storage, and none that the web server hands out."""
    alias = get_settings().IMPORT_STORAGE
    if alias and alias not in settings.STORAGES:
        return [
            Error(
                f"IMPORT_STORAGE names the storage '{alias}', which does not exist.",
                hint="Define it in STORAGES, or leave the setting out.",
                id="personalize_people.E021",
            )
        ]
    if alias in ("default", "staticfiles") or _is_public():
        return [
            Error(
                "Uploaded HR files would lie where the web server hands them out.",
                hint="Let IMPORT_STORAGE name a storage of its own, outside of MEDIA_ROOT and STATIC_ROOT.",
                id="personalize_people.E022",
            )
        ]
    return []


def _is_public() -> bool:
    storage = import_storage()
    if not isinstance(storage, FileSystemStorage):
        return False
    folder = Path(storage.location).resolve()
    public = (settings.MEDIA_ROOT, settings.STATIC_ROOT)
    return any(folder.is_relative_to(Path(root).resolve()) for root in public if root)

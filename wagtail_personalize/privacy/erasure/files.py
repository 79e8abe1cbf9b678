"""Files of a person, such as the picture of the account: Django leaves them in the storage when a row goes."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import FileField

from .belonging import belonging


def forget_files(user: Any) -> int:
    """Delete them once the erasure is certain; returns how many."""
    files = [
        file
        for row in belonging(user)
        for field in row._meta.concrete_fields
        if isinstance(field, FileField) and (file := getattr(row, field.attname))
    ]
    for file in files:
        transaction.on_commit(partial(file.storage.delete, file.name), robust=True)
    return len(files)

"""What the wizard wants to know of an import while it runs, and how it stops one."""

from ..models import ImportRun
from ..onlooker import Onlooker
from ..uploads import ImportUpload


class Stopped(Exception):
    """Somebody pressed the stop button: what is imported stays, and the import can go on."""


class Watching(Onlooker):
    """Writes down how far it is after each batch."""

    def __init__(self, upload: ImportUpload) -> None:
        self.upload = upload
        self.run: ImportRun | None = None
        self._mine = ImportUpload.objects.filter(pk=upload.pk)

    def begun(self, run: ImportRun) -> None:
        self.run = run
        self._mine.update(run=run)

    def progress(self, done: int, total: int) -> None:
        """Called between batches, outside of any transaction."""
        if not self._mine.filter(stop=False).update(done=done, total=total):
            raise Stopped

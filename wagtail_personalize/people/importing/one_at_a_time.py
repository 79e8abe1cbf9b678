"""Two imports at once would get into each other's way: the second is refused while the first is alive.

A killed import frees the place at once when its process is known to be gone, and otherwise after some minutes without a
sign of life: its number may belong to another process by now.
"""

import os
import socket
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from .models import ImportRun
from .sources.contract import ImportRefused

#: A run of another process that has written nothing for so long is taken for dead.
SILENCE = timedelta(minutes=10)

#: Keys of the runs in this process.
_here: set[int] = set()


def claim(run: ImportRun) -> None:
    """Make ``run`` the one that is running; refuses when another was faster."""
    run.process, run.seen_at, run.state = _name(os.getpid()), timezone.now(), ImportRun.State.RUNNING
    _here.add(run.pk)
    run.save(update_fields=["process", "seen_at", "state"])
    try:
        refuse_second(run)
    except ImportRefused:
        let_go(run)
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.STOPPED)
        raise


def let_go(run: ImportRun) -> None:
    """``run`` has ended."""
    _here.discard(run.pk)


def refuse_second(run: ImportRun | None = None) -> None:
    """Refuse to begin, or to go on with ``run``, while another import is alive; of two the older one stays."""
    others = ImportRun.objects.filter(state=ImportRun.State.RUNNING)
    if run is not None:
        others = others.filter(pk__lt=run.pk)
    for other in others:
        if is_alive(other):
            raise ImportRefused(
                _("The import of %(name)s is still running. Wait until it has ended.") % {"name": other.file_name}
            )


def is_alive(run: ImportRun) -> bool:
    """Is a process still at it, as far as can be known from here?"""
    host, _colon, pid = run.process.rpartition(":")
    here = host == socket.gethostname() and pid.isdigit()
    if here and int(pid) == os.getpid():
        return run.pk in _here
    heard_of = run.seen_at is not None and run.seen_at > timezone.now() - SILENCE
    return heard_of and (not here or _runs(int(pid)))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _name(pid: int) -> str:
    return f"{socket.gethostname()}:{pid}"

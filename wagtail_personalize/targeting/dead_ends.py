"""What is wrong with a version of a place whatever the figures say: it names what is gone, or stands below its like."""

from django.utils import timezone
from django.utils.translation import gettext as _

from .targeted_places import Version
from .wording import SegmentNames


class DeadEnds:
    """Goes through the versions of one place from the top; ``passed`` tells it of each."""

    def __init__(self, names: SegmentNames) -> None:
        self.names = names
        self._above: list[Version] = []

    def problem(self, version: Version) -> str:
        """Why nobody can ever see this version, in a sentence; empty if somebody may."""
        return "" if not version.on else self._gone(version) or self._covered(version)

    def note(self, version: Version) -> str:
        """What an editor did on purpose: nobody sees it for now."""
        audience = version.audience
        if not version.on:
            return _("Off: nobody sees it.")
        if audience.ends and audience.ends <= timezone.now():
            return _("Its time is over: nobody sees it.")
        return "" if audience.is_running() or audience.unreadable else _("Its time has not come yet.")

    def passed(self, version: Version) -> None:
        """Remember a version that takes people away from those below it for good."""
        audience = version.audience
        if version.on and not (audience.starts or audience.ends or audience.unreadable) and not self._gone(version):
            self._above.append(version)

    def _gone(self, version: Version) -> str:
        if version.audience.unreadable:
            return _("Nobody sees this: its audience cannot be read. Choose it again.")
        gone = self.names.unusable(version.audience.clause.segment_uuids)
        if not gone:
            return ""
        return _("Nobody sees this: it names %(segments)s.") % {"segments": ", ".join(gone)}

    def _covered(self, version: Version) -> str:
        mine = version.audience.clause
        for other in self._above:
            theirs = other.audience.clause
            if theirs.is_everyone:
                return _("Never shown: “%(other)s” above is for everyone.") % {"other": other.label}
            if theirs == mine:
                return _("Never shown: “%(other)s” above is for the same people.") % {"other": other.label}
            if mine.include and mine.include <= theirs.include and theirs.exclude <= mine.exclude:
                return _("Never shown: “%(other)s” above is for all these people and more.") % {"other": other.label}
        return ""

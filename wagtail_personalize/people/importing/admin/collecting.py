"""What a preview shows of the people: collected while the import compares, a few of each kind."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from wagtail_personalize.people.names import person_name

from ..batch.drafts import Draft
from ..batch.planning import Plan
from ..results import Result
from ..uploads import ImportUpload
from .differences import differences
from .watching import Watching

#: How many people of each kind are shown.
MOST = 20


class Preview(Watching):
    """``as_dict`` is what the upload keeps until it is imported."""

    def __init__(self, upload: ImportUpload) -> None:
        super().__init__(upload)
        self._people: dict[str, list[dict[str, Any]]] = {"changed": [], "new": [], "left": []}

    def settled(self, plan: Plan) -> None:
        for outcome, shown in self._people.items():
            drafts = [draft for draft in plan.accepted if draft.outcome == outcome][: MOST - len(shown)]
            changes = differences(drafts) if outcome == "changed" and drafts else {}
            shown += [_person(draft, list(changes.get(id(draft), []))) for draft in drafts]

    def absent(self, users: list[Model]) -> None:
        room = MOST - len(self._people["left"])
        note = [{"label": _("The file"), "old": "", "new": _("does not name them")}]
        self._people["left"] += [
            {"key": str(user.pk), "name": person_name(user), "number": "", "line": None, "changes": note}
            for user in users[: max(room, 0)]
        ]

    def as_dict(self, result: Result) -> dict[str, Any]:
        """JSON; people are named by the text of their key."""
        return {
            **result.report(),
            "counts": vars(result.counts),
            "would_stop": result.would_stop,
            "unidentified": result.unidentified,
            "people": self._people,
        }


def _person(draft: Draft, changes: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "key": "" if draft.is_new else str(draft.user.pk),
        "name": person_name(draft.user),
        "number": draft.line.number,
        "line": draft.line.line,
        "changes": changes,
    }

"""Applying the roster: a thousand people at a time, each batch in one transaction with its checkpoint."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DataError, IntegrityError, reset_queries, router, transaction
from django.utils.translation import gettext as _

from wagtail_personalize.people.changes import changed, line_up, suppressed
from wagtail_personalize.people.patience import patiently

from ..error_file import ErrorFile
from ..history import History
from ..leaving import absent_users
from ..mapping.binding import Binding
from ..onlooker import Onlooker
from ..ordering import in_batches, managers_first
from ..results import Result
from ..roster import Roster, RosterLine
from ..users import is_protected
from .drafts import Draft
from .planning import Plan
from .statistics import Statistics
from .unique_values import release_claims
from .writing import deactivate, write

#: Called with the lines that are settled and the lines in all.
Progress = Callable[[int, int], None]


class Applying:
    """Applies what a roster holds; without a history it is a dry run."""

    def __init__(
        self,
        binding: Binding,
        roster: Roster,
        errors: ErrorFile,
        result: Result,
        history: History | None,
        onlooker: Onlooker,
    ) -> None:
        self._onlooker = onlooker
        self._binding = binding
        self._roster = roster
        self._errors = errors
        self._result = result
        self._history = history
        self._made: set[tuple[str, tuple[str, ...]]] = set()
        self._new = 0
        self._statistics = Statistics(binding)
        self.done = history.run.checkpoint if history and history.resumed else 0

    def apply_lines(self, progress: Progress) -> None:
        """Settle every line that is not settled yet."""
        total = len(self._roster)
        progress(self.done, total)
        for positions in in_batches(managers_first(self._roster.managers()), self.done):
            patiently(partial(self._settle, positions), self._alias)
            if self._history:
                self._statistics.grown(self._new)
            progress(self.done, total)
        self._result.made.update(name for name, _key in self._made)

    def _settle(self, positions: list[int]) -> None:
        """One batch. Nothing is counted before all of it is written, so it can be done again after a deadlock."""
        with self._transaction():
            plans = list(self._apply(self._roster.lines(positions)))
            self._new = 0
            for plan in plans:
                self._count(plan)
            self.done += len(positions)
            self._save()

    def apply_absent(self) -> None:
        """Make those inactive whom no line names."""
        for users in absent_users(self._binding, self._roster):
            leaving = [user for user in users if not is_protected(user)]
            kept = [user for user in users if is_protected(user)]
            self._result.note(
                [_("%s is not in the file but is staff or superuser, and stays active.") % user for user in kept]
            )
            if leaving:
                self._onlooker.absent(leaving)
                patiently(partial(self._deactivate, [user.pk for user in leaving]), self._alias)

    def _deactivate(self, person_ids: list) -> None:
        with self._transaction():
            if self._history:
                line_up()
                there = get_user_model()._base_manager.filter(pk__in=person_ids)
                person_ids = list(there.values_list("pk", flat=True))
                deactivate(person_ids, self._history.run)
                changed(get_user_model()._base_manager.filter(pk__in=person_ids), cause="import")
            self._result.counts.left += len(person_ids)
            self._result.counts.absent += len(person_ids)
            self._save()

    def _apply(self, lines: list[RosterLine]) -> Iterator[Plan]:
        """Plan and write. What the database refuses is tried again in halves, until the line to blame is alone."""
        plan = Plan()
        try:
            self._write(plan, lines)
        except (IntegrityError, DataError) as error:
            for draft in plan.drafts:
                release_claims(draft, self._roster)
            if len(lines) > 1:
                yield from self._apply(lines[: len(lines) // 2])
                yield from self._apply(lines[len(lines) // 2 :])
                return
            plan = Plan([_refused(lines[0], error)])
        yield plan

    def _write(self, plan: Plan, lines: list[RosterLine]) -> None:
        """Nothing is made for a line that is rejected: then everything is planned anew without it."""
        rejected: list[Draft] = []
        while True:
            with self._savepoint():
                plan.fill(lines, self._binding, self._roster, dry_run=self._history is None)
                again = bool(plan.made and plan.rejected)
                if again:
                    rejected += plan.rejected
                    lines = [draft.line for draft in plan.accepted]
                    self._undo()
                elif self._history:
                    write(plan, self._binding, self._history.run)
            if not again:
                break
        plan.drafts += rejected

    def _count(self, plan: Plan) -> None:
        counts = self._result.counts
        erased = sum(draft.erased for draft in plan.rejected)
        counts.erased += erased
        counts.rejected += len(plan.rejected) - erased
        for draft in plan.accepted:
            setattr(counts, draft.outcome, getattr(counts, draft.outcome) + 1)
        self._errors.add(problem for draft in plan.rejected for problem in draft.problems)
        self._result.note(plan.notes)
        self._made |= plan.made
        self._new += sum(draft.is_new for draft in plan.accepted)
        self._onlooker.settled(plan)

    def _save(self) -> None:
        if self._history:
            self._history.save(self.done, self._result.counts, self._errors)

    def _undo(self) -> None:
        if self._history:
            transaction.set_rollback(True, using=self._alias)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if settings.DEBUG:
            reset_queries()
        if self._history is None:
            yield
            return
        with transaction.atomic(using=self._alias), suppressed():
            self._history.take_lock()
            yield

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        if self._history is None:
            yield
            return
        with transaction.atomic(using=self._alias):
            yield

    @property
    def _alias(self) -> str:
        return router.db_for_write(self._binding.declaration.profile_model)


def _refused(line: RosterLine, error: Exception) -> Draft:
    draft = Draft(line, None, None, is_new=False)
    draft.reject("", _("The database refused this line: %(error)s") % {"error": " ".join(str(error).split())})
    return draft

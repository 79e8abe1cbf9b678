"""Problems of a rule, put where the editor finds them: at the block of the condition that has them."""

from collections import defaultdict
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from ...rules.schema import Problem
from .conversion import GROUP, Raw


def as_block_error(problems: Sequence[Problem], raw: Raw) -> ValidationError:
    """The problems of the rule that ``raw`` says, as the error of its block.

    Those of the rule as a whole stand above its conditions.
    """
    own = [problem.sentence for problem in problems if len(problem.path) < 2]
    return StructBlockValidationError(block_errors={"items": _items_error(problems, raw, own)})


def _items_error(problems: Sequence[Problem], raw: Raw, own: Sequence[str] = ()) -> ValidationError:
    below: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        if len(problem.path) >= 2:
            _kind, position, *rest = problem.path
            below[int(position)].append(Problem(tuple(rest), problem.sentence))
    errors = {position: _item_error(inner, raw["items"][position]) for position, inner in below.items()}
    return StreamBlockValidationError(block_errors=errors, non_block_errors=list(own))


def _item_error(problems: list[Problem], child: Raw) -> ValidationError:
    """A group passes on what its parts have; whatever else it is says all by itself."""
    inner = [problem for problem in problems if problem.path] if child["type"] == GROUP else []
    own = [problem.sentence for problem in problems if problem not in inner]
    block_errors = {"items": _items_error(inner, child["value"])} if inner else {}
    return StructBlockValidationError(block_errors=block_errors, non_block_errors=own)

"""Engaged time in steps: exact seconds would join the rows of one view in two segments."""

from bisect import bisect_right

#: The lower bounds, in seconds. The last is the most that counts.
STEPS = (0, 5, 10, 15, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1200, 1800)
MOST_ENGAGED = STEPS[-1]


def step_of(seconds: int) -> int:
    """The lower bound of the step in which ``seconds`` lie."""
    return STEPS[bisect_right(STEPS, max(0, seconds)) - 1]

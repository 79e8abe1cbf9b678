"""Roll-ups that die, meet each other, and meet the purge."""

import pytest

from tests.faults.rollup_acts import CONTENTS

#: People, and how often something is done: in every run, and in ``make test-long``.
SMALL = (30, 3)
FULL = pytest.param((400, 40), marks=pytest.mark.long)


def times_seen(views, people):
    """How often everything was looked at again, according to every span by itself; one number if all agree."""
    return {(total - days * CONTENTS * (people // 2)) / (days * CONTENTS) for total, days in views.values()}


@pytest.mark.parametrize("size", [SMALL, FULL])
class TestRollUp:
    def test_that_is_killed_leaves_all_spans_old_or_all_new(self, processes, size):
        people, kills = size
        processes.run("fill_events", people)
        processes.run("roll_up_events")
        stored, alive = {0}, 0
        for kill in range(1, kills + 1):
            processes.run("view_again")
            alive += processes.kill("roll_up_events", 50, within=(1.0, 3.0))
            before, stored = stored, times_seen(processes.run("views_of_spans"), people)
            assert len(stored) == 1
            assert max(before) <= max(stored) <= kill
        processes.run("roll_up_events")
        assert times_seen(processes.run("views_of_spans"), people) == {kills}
        assert alive, "no process was killed while it was at work"

    def test_beside_others_gives_what_one_gives(self, processes, size):
        people, _times = size
        processes.run("fill_events", people)
        processes.run("roll_up_events")
        processes.run("view_again")
        for process in [processes.start("roll_up_events", 2) for _ in range(3)]:
            processes.answer(process)
        assert times_seen(processes.run("views_of_spans"), people) == {1}

    def test_beside_a_purge_loses_nothing(self, processes, size):
        people, _times = size
        rows = processes.run("fill_events", people)
        running = [processes.start(act) for act in ("purge_events", "roll_up_events", "purge_events")]
        purged = [processes.answer(process) for process in running]
        assert processes.run("purge_events") + purged[0] + purged[2] == rows
        processes.run("roll_up_events")
        assert times_seen(processes.run("views_of_spans"), people) == {0}

"""Refreshes that die, meet, and are overtaken by changes."""

import pytest

#: People, segments, and how often something is done to them: in every run, and in ``make test-long``.
SMALL = (1_500, 12, 4)
FULL = pytest.param((40_000, 60, 100), marks=pytest.mark.long)


def pairs(found):
    return {tuple(pair) for pair in found}


@pytest.mark.parametrize("size", [SMALL, FULL])
class TestTwoRefreshes:
    def test_of_the_same_segment_leave_what_its_rule_says(self, processes, size):
        people, segments, times = size
        processes.run("fill", people, segments)
        running = [processes.start("refresh_one", "s1", times) for _ in range(2)]
        sizes = [processes.answer(process) for process in running]
        assert pairs(processes.run("memberships")) == pairs(processes.run("computed"))
        assert sizes[0] == sizes[1] > people // 20

    def test_of_everything_leave_what_the_rules_say(self, processes, size):
        people, segments, _times = size
        processes.run("fill", people, segments)
        processes.run("turn", 7)
        running = [processes.start("refresh") for _ in range(3)]
        changed = [sum(processes.answer(process)) for process in running]
        assert pairs(processes.run("memberships")) == pairs(processes.run("computed"))
        assert sum(changed) > people // 2


@pytest.mark.parametrize("size", [SMALL, FULL])
class TestKilledRefresh:
    def test_never_takes_away_a_membership_that_is_right_before_and_after(self, processes, size):
        people, segments, kills = size
        processes.run("fill", people, segments)
        alive = 0
        for kill in range(kills):
            old = pairs(processes.run("memberships"))
            processes.run("turn", kill + 1)
            new = pairs(processes.run("computed"))
            alive += processes.kill("refresh", within=(0.8, 3.0))
            stored = pairs(processes.run("memberships"))
            assert old & new <= stored <= old | new
        processes.run("refresh")
        assert pairs(processes.run("memberships")) == new
        assert processes.run("difference") == ""
        assert alive, "no process was killed while it was at work"


@pytest.mark.parametrize("size", [SMALL, FULL])
class TestProfilesSavedMeanwhile:
    def test_are_in_the_segments_that_their_values_say(self, processes, size):
        people, segments, times = size
        processes.run("fill", people, segments)
        processes.run("turn", 3)
        refreshing = processes.start("refresh", times)
        saving = [processes.start("save_profiles", times * 10) for _ in range(2)]
        for process in [refreshing, *saving]:
            processes.answer(process)
        assert pairs(processes.run("memberships")) == pairs(processes.run("computed"))
        assert processes.run("difference") == ""

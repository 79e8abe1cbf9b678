import pytest

from tests.builders import person, user
from tests.intranet.models import Staff, Unit
from wagtail_personalize.people import closure
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.models import ReportingLine, TreePath

pytestmark = pytest.mark.django_db


def line():
    rows = ReportingLine.objects.values_list("manager__username", "person__username", "depth")
    return {f"{manager} > {person} ({depth})" for manager, person, depth in rows}


def paths():
    codes = {closure.node_key(pk): code for pk, code in Unit.objects.values_list("pk", "code")}
    rows = TreePath.objects.filter(depth__gt=0).values_list("ancestor", "descendant", "depth")
    return {f"{codes[ancestor]} > {codes[descendant]} ({depth})" for ancestor, descendant, depth in rows}


def reporting(**managers):
    """People by name, each with the name of the manager or ``None``, written without signals."""
    people = {name: person(name) for name in managers}
    for name, manager in managers.items():
        Staff.objects.filter(user=people[name]).update(manager=manager and people[manager].staff)
    ReportingLine.objects.all().delete()
    return people


def units(**parents):
    made = {code: Unit.objects.create(code=code, name=code.upper()) for code in parents}
    for code, parent in parents.items():
        Unit.objects.filter(code=code).update(parent=parent and made[parent])
    return made


class TestRebuildReportingLine:
    def test_knows_everybody_above_with_the_distance(self):
        reporting(ceo=None, head="ceo", clerk="head")
        closure.rebuild_reporting_line()
        assert line() == {"ceo > head (1)", "head > clerk (1)", "ceo > clerk (2)"}

    def test_ends_at_a_cycle_and_nobody_reports_to_themselves(self):
        reporting(a="b", b="c", c="a", own="own", below="a")
        closure.rebuild_reporting_line()
        assert {"a > c (1)", "b > c (2)", "b > below (2)", "c > below (3)"} <= line()
        assert not ReportingLine.objects.filter(manager__username="own").exists()

    def test_of_some_people_equals_that_of_all(self):
        people = reporting(ceo=None, head="ceo", clerk="head", intern="clerk", other=None, a="b", b="a")
        closure.rebuild_reporting_line()
        Staff.objects.filter(user=people["head"]).update(manager=people["other"].staff)
        Staff.objects.filter(user=people["b"]).update(manager=people["intern"].staff)
        affected = closure.rebuild_reporting_line([people["head"].pk, people["b"].pk])
        partial = line()
        closure.rebuild_reporting_line()
        assert partial == line()
        assert {"other > intern (3)", "other > a (5)"} <= partial
        assert {people["clerk"].pk, people["intern"].pk, people["a"].pk} <= affected

    def test_writes_level_by_level(self, django_assert_num_queries):
        reporting(ceo=None, **{f"head{n}": "ceo" for n in range(5)}, **{f"clerk{n}": "head1" for n in range(20)})
        with django_assert_num_queries(6):  # savepoints, is it empty?, three levels of which the last is empty
            closure.rebuild_reporting_line()
        assert ReportingLine.objects.count() == 45

    def test_of_all_writes_only_what_differs(self):
        people = reporting(ceo=None, head="ceo", clerk="head", gone="clerk")
        closure.rebuild_reporting_line()
        before = set(ReportingLine.objects.values_list("pk", flat=True))
        Staff.objects.filter(user=people["clerk"]).update(manager=people["ceo"].staff)
        Staff.objects.filter(user=people["gone"])._raw_delete("default")
        closure.rebuild_reporting_line()
        assert line() == {"ceo > head (1)", "ceo > clerk (1)"}
        assert len(before & set(ReportingLine.objects.values_list("pk", flat=True))) == 1

    def test_leaves_out_users_without_a_profile(self):
        someone = user("alone")
        reporting(ceo=None)
        assert closure.rebuild_reporting_line([someone.pk]) == {someone.pk}
        closure.rebuild_reporting_line()
        assert line() == set()


class TestRebuildTree:
    unit = property(lambda self: get_declaration().get("unit"))

    def test_knows_every_node_under_itself_and_all_above(self):
        units(company=None, sales="company", retail="sales")
        closure.rebuild_tree(self.unit)
        assert paths() == {"company > sales (1)", "company > retail (2)", "sales > retail (1)"}
        assert TreePath.objects.filter(depth=0).count() == 3

    def test_follows_a_moved_and_a_deleted_node(self):
        made = units(company=None, sales="company", retail="sales", other=None)
        closure.rebuild_tree(self.unit)
        Unit.objects.filter(code="retail").update(parent=made["other"])
        Unit.objects.filter(code="sales").delete()
        closure.rebuild_tree(self.unit)
        assert paths() == {"other > retail (1)"}

    def test_ends_at_a_cycle(self):
        units(a="b", b="a")
        closure.rebuild_tree(self.unit)
        assert paths() == {"a > b (1)", "b > a (1)"}

    def test_writes_nothing_when_nothing_changed(self, django_assert_num_queries):
        units(company=None, sales="company")
        closure.rebuild_tree(self.unit)
        with django_assert_num_queries(5):  # savepoint, lock, nodes, paths
            closure.rebuild_tree(self.unit)

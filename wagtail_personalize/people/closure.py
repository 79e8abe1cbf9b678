"""Closure tables of our own: *is under* and *reports to* are joins, never lists of ids.

A tree (departments, places) is small: its closure is computed in memory and only differences are written. The
reporting line has a row per person and superior: it is first built level by level in the database, later people are
recomputed in batches together with everybody below them. Cycles end the walk; nobody ever reports to themselves.
"""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import connections, router, transaction
from django.db.models import CharField, Exists, Expression, F, Model, OuterRef, Value
from django.db.models.functions import Cast

from wagtail_personalize.hookspecs import profiles_changing
from wagtail_personalize.setsql import insert_select

from .among import Among
from .attributes import Tree
from .batches import batches
from .declaration import ProfileDeclaration, get_declaration
from .many_rows import insert_rows
from .models import ReportingLine, TreePath
from .paths import end


def tree_name(model: type[Model]) -> str:
    """What ``TreePath.tree`` calls the tree of these nodes."""
    return model._meta.concrete_model._meta.label_lower


def node_key(key: Any) -> str:
    """The text by which ``TreePath`` knows the node with this primary key."""
    if isinstance(key, UUID) and not connections[router.db_for_read(TreePath)].features.has_native_uuid_field:
        return key.hex
    return str(key)


def node_key_of(expression: Expression | F) -> Cast:
    """``node_key`` in the database, for an expression that yields a node's primary key."""
    return Cast(expression, CharField(max_length=64))


def rebuild_tree(attribute: Tree) -> None:
    """Make ``TreePath`` right for the tree that ``attribute`` leads to, writing only what differs."""
    model = end(get_declaration().profile_model, attribute.path).related_model
    name = tree_name(model)
    with transaction.atomic(using=router.db_for_write(TreePath)):
        profiles_changing.send(sender=None)
        right = set(_paths(_parents(model, attribute.parent)))
        stored = {
            row[1:]: row[0]
            for row in TreePath.objects.filter(tree=name).values_list("pk", "ancestor", "descendant", "depth")
        }
        for keys in batches(stored[path] for path in stored.keys() - right):
            TreePath.objects.filter(pk__in=keys).delete()
        missing = sorted(right - stored.keys())
        TreePath.objects.bulk_create(
            [TreePath(tree=name, ancestor=a, descendant=d, depth=n) for a, d, n in missing], batch_size=1000
        )


def nodes_under(node: Model) -> set[str]:
    """The keys of this node and of all nodes below it, as stored."""
    key = node_key(node.pk)
    below = TreePath.objects.filter(tree=tree_name(type(node)), ancestor=key).values_list("descendant", flat=True)
    return {key, *below}


def _parents(model: type[Model], parent: str) -> dict[str, str | None]:
    """Each node's key and its parent's."""
    if hasattr(model, "steplen"):
        by_path = dict(model._base_manager.values_list("path", "pk"))
        return {
            node_key(pk): node_key(by_path[above]) if (above := path[: -model.steplen]) in by_path else None
            for path, pk in by_path.items()
        }
    nodes = model._base_manager.values_list("pk", f"{parent}__pk")
    return {node_key(pk): None if above is None else node_key(above) for pk, above in nodes}


def _paths(parents: dict[Any, Any]) -> Iterator[tuple[str, str, int]]:
    """(ancestor, descendant, depth) of every pair, each node under itself included."""
    for node in parents:
        yield node, node, 0
        yield from ((above, node, depth) for depth, above in enumerate(_above(node, parents), start=1))


def _above(node: Any, parents: Mapping[Any, Any]) -> Iterator[Any]:
    seen = {node, None}
    while (node := parents.get(node)) not in seen:
        seen.add(node)
        yield node


def people_below(person_ids: Iterable[Any]) -> set[Any]:
    """Everybody who, as stored, reports to one of these people, directly or not."""
    below: set[Any] = set()
    for ids in batches(person_ids):
        below.update(ReportingLine.objects.filter(Among(F("manager"), ids)).values_list("person_id", flat=True))
    return below


def rebuild_reporting_line(person_ids: Iterable[Any] | None = None) -> set[Any] | None:
    """Make ``ReportingLine`` right for these people and everybody below them, or for all, writing only what differs.

    Returns the people whose line was looked at, ``None`` for all.
    """
    declaration = get_declaration()
    affected = None
    if person_ids is not None:
        given = set(person_ids)
        affected = given | people_below(given)
    with transaction.atomic(using=router.db_for_write(ReportingLine)):
        if declaration is None or not declaration.manager:
            ReportingLine.objects.all().delete()
        elif affected is not None:
            _rebuild_people(declaration, affected)
        elif ReportingLine.objects.exists():
            _forget_people_without_profile(declaration)
            _rebuild_people(declaration, _everybody(declaration))
        else:
            _build_by_levels(declaration)
    return affected


def _everybody(declaration: ProfileDeclaration) -> Iterator[Any]:
    people = declaration.profiles().order_by().values_list(declaration.person_path, flat=True)
    return (person for person in list(people) if person is not None)


def _forget_people_without_profile(declaration: ProfileDeclaration) -> None:
    profiles = declaration.profiles().order_by().filter(**{declaration.user: OuterRef("person")})
    ReportingLine.objects.filter(~Exists(profiles)).delete()


def _build_by_levels(declaration: ProfileDeclaration) -> None:
    direct = (
        declaration.profiles()
        .order_by()
        .annotate(_person=F(declaration.person_path), _manager=F(declaration.manager_path))
        .filter(_person__isnull=False, _manager__isnull=False)
        .exclude(_person=F("_manager"))
        .values_list("_manager", "_person", Value(1))
    )
    depth, written = 1, insert_select(ReportingLine, ["manager", "person", "depth"], direct)
    while written:
        written = _insert_level_below(depth)
        depth += 1


def _insert_level_below(depth: int) -> int:
    """Who reports at ``depth`` to somebody is the direct superior of those one level further down."""
    connection = connections[router.db_for_write(ReportingLine)]
    table = connection.ops.quote_name(ReportingLine._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table} (manager_id, person_id, depth)
            SELECT above.manager_id, direct.person_id, %s
            FROM {table} above JOIN {table} direct ON direct.manager_id = above.person_id AND direct.depth = 1
            WHERE above.depth = %s AND direct.person_id <> above.manager_id AND NOT EXISTS (
                SELECT 1 FROM {table} known
                WHERE known.person_id = direct.person_id AND known.manager_id = above.manager_id
            )
            """,
            [depth + 1, depth],
        )
        return cursor.rowcount


def _rebuild_people(declaration: ProfileDeclaration, people: Iterable[Any]) -> None:
    superiors: dict[Any, Any] = {}
    for ids in batches(people):
        own = _managers(declaration, ids)
        _look_up_superiors(declaration, superiors, own)
        _write_lines(ids, ChainMap(own, superiors))


def _managers(declaration: ProfileDeclaration, ids: Iterable[Any]) -> dict[Any, Any]:
    """The manager of each of these people, ``None`` for nobody."""
    profiles = declaration.profiles().filter(Among(F(declaration.person_path), list(ids)))
    return dict.fromkeys(ids) | dict(profiles.values_list(declaration.person_path, declaration.manager_path))


def _look_up_superiors(declaration: ProfileDeclaration, superiors: dict[Any, Any], own: dict[Any, Any]) -> None:
    """Add to ``superiors`` everybody above these people who is not known yet, with their own managers, by levels."""
    wanted = set(own.values()) - superiors.keys() - {None}
    while wanted:
        found = _managers(declaration, wanted)
        superiors.update(found)
        wanted = set(found.values()) - superiors.keys() - {None}


def _write_lines(ids: list[Any], managers: Mapping[Any, Any]) -> None:
    right = {(above, person, depth) for person in ids for depth, above in enumerate(_above(person, managers), start=1)}
    lines = ReportingLine.objects.filter(Among(F("person"), ids)).values_list("manager_id", "person_id", "depth", "pk")
    stored = {line[:3]: line[3] for line in lines}
    for keys in batches(stored[line] for line in stored.keys() - right):
        ReportingLine.objects.filter(pk__in=keys).delete()
    missing = right - stored.keys()
    insert_rows(ReportingLine, ["manager", "person", "depth"], list(missing))

"""Copies, aliases, translations and moves: what they mean for audiences, in one transaction with the act itself.

Wagtail has no signal for a copy, and announces the copy as published before it could have an audience. So the public
``execute`` of these actions is wrapped once, at start-up: inside, changes are only noted; at the end the choices are
copied and the stored audiences brought up to date; then everything is committed together.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import router, transaction
from django.db.models import Model, QuerySet
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.move_page import MovePageAction

from .aliases import keep_in_copies
from .effective import lock, recompute
from .models import PageAudience
from .page_tree import page_model, within
from .wrapping import wrap

_noted: ContextVar[set[int] | None] = ContextVar("wagtail_personalize.changed_pages", default=None)

#: With more changed pages than this the whole site is brought up to date instead.
_PAGES_AT_ONCE = 500


def changed(page_ids: Iterable[int]) -> None:
    """Something about these pages' place or source changed: bring them up to date, at the end of a running action."""
    noted = _noted.get()
    if noted is not None:
        noted.update(page_ids)
        return
    ids = set(page_ids)
    pages = page_model()._base_manager.filter(pk__in=ids)
    if ids:
        recompute(None if len(ids) > _PAGES_AT_ONCE else list(pages.values_list("path", flat=True)))


@contextmanager
def one_change() -> Iterator[None]:
    """One transaction, and one recomputation at its end, for whatever changes inside."""
    with transaction.atomic(using=router.db_for_write(PageAudience)):
        if _noted.get() is not None:
            yield
            return
        token = _noted.set(set())
        try:
            yield
            ids = _noted.get()
        finally:
            _noted.reset(token)
        changed(ids)


def wrap_actions() -> None:
    """Wrap Wagtail's actions, once per process."""
    wrap(CopyPageAction, "execute", _copying)
    wrap(CreatePageAliasAction, "execute", _making_alias)
    for action_class in (CopyPageForTranslationAction, ConvertAliasPageAction, MovePageAction):
        wrap(action_class, "execute", _acting)


def _acting(execute: Callable[..., Any], action: Any, *args: Any, **kwargs: Any) -> Any:
    with one_change():
        return execute(action, *args, **kwargs)


def _copying(execute: Callable[..., Any], action: CopyPageAction, *args: Any, **kwargs: Any) -> Any:
    with one_change():
        copy = execute(action, *args, **kwargs)
        _copied(action, copy)
    return copy


def _making_alias(execute: Callable[..., Any], action: CreatePageAliasAction, *args: Any, **kwargs: Any) -> Any:
    with one_change():
        alias = execute(action, *args, **kwargs)
        changed([alias.pk])
    return alias


def _copied(action: CopyPageAction, copy: Model) -> None:
    if action.reset_translation_key:
        copy_choices(action.page, copy, recursive=action.recursive, user=action.user)
    keep_in_copies(_inheriting(action.page, copy, recursive=action.recursive), action.user)
    changed([copy.pk])


def _inheriting(source: Model, copy: Model, *, recursive: bool) -> dict[str, str]:
    """The paths of the copies, by path of the source, of what inherits from elsewhere: the top page and aliases."""
    aliases = set(_tree(source, recursive).filter(alias_of__isnull=False).values_list("path", flat=True))
    copies = dict(_addresses(copy, recursive, "path"))
    found = {path: copies[address] for address, path in _addresses(source, recursive, "path") if address in copies}
    top = min(found)
    return {path: place for path, place in found.items() if path == top or path in aliases}


def copy_choices(source: Model, copy: Model, *, recursive: bool, user: Any = None) -> None:
    """Give ``copy``, and with ``recursive`` the pages below it, the choices that were made for what was copied.

    Below the top a copy has the same slug as its source, so the two trees are matched by their addresses.
    """
    lock()
    choices = {choice.translation_key: choice for choice in _choices_in(source, recursive)}
    chosen = {address: choices[key] for address, key in _addresses(source, recursive) if key in choices}
    copies = {address: key for address, key in _addresses(copy, recursive) if address in chosen} if chosen else {}
    PageAudience.objects.bulk_create(
        [
            PageAudience(
                translation_key=key,
                access_id=chosen[address].access_id,
                recommendation_id=chosen[address].recommendation_id,
                changed_by=user,
            )
            for address, key in copies.items()
        ]
    )


def _choices_in(page: Model, recursive: bool) -> QuerySet[PageAudience]:
    return PageAudience.objects.filter(translation_key__in=_tree(page, recursive).values("translation_key"))


def _addresses(page: Model, recursive: bool, column: str = "translation_key") -> list[tuple[str, Any]]:
    """The address below ``page``, empty for ``page`` itself, and the translation key (or ``column``) of each page."""
    rows = list(_tree(page, recursive).order_by("path").values_list("url_path", column))
    return [(url_path[len(rows[0][0]) :], key) for url_path, key in rows]


def _tree(page: Model, recursive: bool) -> QuerySet:
    pages = page_model()._base_manager.order_by()
    if not recursive:
        return pages.filter(pk=page.pk)
    return pages.filter(within([pages.values_list("path", flat=True).get(pk=page.pk)]))

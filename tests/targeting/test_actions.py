"""Copies, aliases and moves keep what was restricted restricted, also from code and also when they fail."""

import pytest
from wagtail.models import Page
from wagtail.signals import page_published

from tests.builders import page, person, segment, user
from wagtail_personalize import can_see
from wagtail_personalize.targeting import actions
from wagtail_personalize.targeting.audiences import Clause, clauses_of
from wagtail_personalize.targeting.effective import check
from wagtail_personalize.targeting.models import EffectiveAudience, PageAudience
from wagtail_personalize.targeting.page_audiences import page_audience

from .restricting import restrict, seen_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    return segment("Finance")


@pytest.fixture
def managers():
    return segment("Managers", {"all": [{"attribute": "level", "operator": "gte", "value": 5}]})


def chosen(page):
    choice = page_audience(page)
    return clauses_of(choice and choice.access)


class TestCopy:
    def test_takes_the_choice_along(self, finance):
        secret, elsewhere = page("Secret"), page("Elsewhere")
        restrict(secret, finance)
        copy = secret.copy(to=elsewhere, update_attrs={"slug": "copy"})
        assert copy.translation_key != secret.translation_key
        assert chosen(copy) == {Clause.of([finance])}
        assert not can_see(copy, seen_by(user()))
        assert can_see(copy, seen_by(person(department="Finance")))

    @pytest.mark.parametrize("keep_live", [True, False])
    def test_takes_the_choices_of_all_pages_below_along(self, finance, managers, keep_live):
        top = page("Top")
        middle = page("Middle", parent=page("Open", parent=top))
        leaf = page("Leaf", parent=middle)
        restrict(middle, finance)
        restrict(leaf, managers)
        copy = top.copy(update_attrs={"slug": "copy"}, recursive=True, keep_live=keep_live)
        copies = {p.title: p for p in copy.get_descendants(inclusive=True)}
        assert [chosen(copies[name]) for name in ("Top", "Open", "Middle", "Leaf")] == [
            set(),
            set(),
            {Clause.of([finance])},
            {Clause.of([managers])},
        ]
        assert check() == []

    def test_without_the_pages_below_leaves_their_choices_behind(self, finance):
        top = page("Top")
        restrict(page("Below", parent=top), finance)
        top.copy(update_attrs={"slug": "copy"})
        assert PageAudience.objects.count() == 1

    def test_goes_its_own_way_afterwards(self, finance, managers):
        secret = page("Secret")
        restrict(secret, finance)
        copy = secret.copy(update_attrs={"slug": "copy"})
        restrict(secret, managers)
        assert chosen(copy) == {Clause.of([finance])}

    def test_is_matched_by_address_when_a_receiver_adds_pages(self, finance):
        top = page("Top")
        page("Aaa", parent=top)
        restrict(page("Zzz", parent=top), finance)

        def add_a_page(instance, **kwargs):
            if instance.slug == "copy":
                page("Extra", parent=Page.objects.get(pk=instance.pk))

        page_published.connect(add_a_page)
        try:
            copy = Page.objects.get(pk=page("Other", parent=top).copy(update_attrs={"slug": "copy"}).pk)
        finally:
            page_published.disconnect(add_a_page)
        assert chosen(copy.get_children().get()) == set()

    def test_does_nothing_by_halves(self, finance, monkeypatch):
        secret = page("Secret")
        restrict(secret, finance)

        def fail(*args, **kwargs):
            raise RuntimeError("The power is out.")

        monkeypatch.setattr(actions, "copy_choices", fail)
        with pytest.raises(RuntimeError):
            secret.copy(update_attrs={"slug": "copy"})
        assert not Page.objects.filter(slug="copy").exists()

    def test_of_an_alias_that_was_closed_by_its_source_is_not_an_alias(self, finance):
        closed = page("Closed")
        restrict(closed, finance)
        alias = page("Source", parent=closed).create_alias(parent=page("Open"), update_slug="alias")
        copy = alias.copy(update_attrs={"slug": "copy"})
        assert copy.alias_of_id is None
        assert check() == []


class TestAlias:
    def test_of_a_subtree_follows_every_source(self, finance, managers):
        top = page("Top")
        leaf = page("Leaf", parent=top)
        restrict(top, finance)
        restrict(leaf, managers)
        alias = top.create_alias(parent=page("Mirror"), update_slug="alias", recursive=True)
        stored = EffectiveAudience.objects.select_related("access").get(page__in=alias.get_children())
        assert clauses_of(stored.access) == {Clause.of([finance]), Clause.of([managers])}

    def test_is_updated_with_the_choice_of_its_source(self, finance):
        source = page("Source")
        alias = source.create_alias(parent=page("Mirror"), update_slug="alias")
        assert can_see(alias, seen_by(user()))
        restrict(source, finance)
        assert not can_see(alias, seen_by(user()))
        assert check() == []


class TestWrapping:
    def test_happens_once(self):
        from wagtail.actions.copy_page import CopyPageAction

        before = CopyPageAction.execute
        actions.wrap_actions()
        assert CopyPageAction.execute is before

"""Copies of what is restricted only by where it stands or what it follows."""

import pytest
from wagtail.models import Page

from tests.builders import page, person, segment, user
from wagtail_personalize import can_see, visible
from wagtail_personalize.targeting.effective import check
from wagtail_personalize.targeting.models import PageAudience

from .restricting import restrict, seen_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    return segment("Finance")


@pytest.fixture
def member(finance):
    return person(department="Finance")


def only_for(copy, member):
    """Who is in sees it; an outsider and somebody we do not know see it neither listed nor alone."""
    copy = Page.objects.get(pk=copy.pk)
    listed = Page.objects.filter(pk=copy.pk)
    seen = [
        (can_see(copy, viewer), visible(listed, viewer).exists())
        for viewer in (seen_by(member), seen_by(user()), seen_by())
    ]
    return seen == [(True, True), (False, False), (False, False)] and not check()


class TestCopy:
    def test_of_an_alias_keeps_the_restriction_of_the_source(self, finance, member):
        secret, elsewhere = page("Secret"), page("Elsewhere")
        restrict(secret, finance)
        alias = secret.create_alias(parent=elsewhere, update_slug="alias")
        assert only_for(alias.copy(update_attrs={"slug": "copy"}, keep_live=True), member)

    def test_out_of_a_restricted_section_keeps_its_restriction(self, finance, member):
        secret, elsewhere = page("Secret"), page("Elsewhere")
        restrict(secret, finance)
        below = page("Below", parent=secret)
        assert only_for(below.copy(to=elsewhere, update_attrs={"slug": "copy"}, keep_live=True), member)

    def test_of_a_tree_keeps_the_restrictions_of_the_aliases_in_it(self, finance, member):
        secret, tree = page("Secret"), page("Tree")
        restrict(secret, finance)
        secret.create_alias(parent=tree, update_slug="alias")
        copy = tree.copy(recursive=True, update_attrs={"slug": "copy"}, keep_live=True)
        assert can_see(copy, seen_by())
        assert only_for(copy.get_children().get(), member)

    def test_within_the_section_gets_no_choice_of_its_own(self, finance, member):
        secret = page("Secret")
        restrict(secret, finance)
        copy = page("Below", parent=secret).copy(update_attrs={"slug": "copy"}, keep_live=True)
        assert only_for(copy, member)
        assert PageAudience.objects.count() == 1

"""Who deletes pages, changes hashtags, publishes and follows at the same time never waits in a circle."""

from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.models.signals import post_save

from tests.builders import page, person, segment
from tests.segments.test_refresh_together import is_waiting, threads  # noqa: F401
from tests.streams.subscribing import choose, level
from tests.targeting.restricting import restrict
from wagtail_personalize.streams.hashtag_uses import read
from wagtail_personalize.streams.models import Hashtag, HashtagUse

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="the tests' SQLite is in the memory of one process"),
]


@contextmanager
def after_saving(model, action):
    """Do ``action`` once, after everybody else was told that something was saved and before the transaction ends."""
    done = []

    def listener(**kwargs):
        if not done:
            done.append(True)
            action()

    post_save.connect(listener, sender=model)
    try:
        yield
    finally:
        post_save.disconnect(listener, sender=model)


class TestDeletingPages:
    def test_that_aliases_lose_their_source_while_somebody_is_the_first_to_follow(self, threads):  # noqa: F811
        secret, archive, left, new = page("Secret"), page("Archive"), page("Left"), page("New")
        restrict(secret, segment("HR"))
        secret.create_alias(parent=archive, update_slug="secret-too")
        ada, bob = person(), person()
        choose(ada, left)
        with transaction.atomic():
            secret.delete()
            following = threads(lambda: choose(bob, new))
            assert is_waiting(following)
            left.delete()
        assert following.result()
        assert (level(ada, left), level(bob, new)) == (0, 2)


class TestChangingHashtags:
    def test_while_a_page_with_one_is_published(self, threads):  # noqa: F811
        read([page("#News")])
        news, published, publishing = Hashtag.objects.get(), page("#Fresh"), []
        choose(person(), news)

        def publish():
            publishing.append(threads(lambda: read([published])))
            assert is_waiting(publishing[0])

        with after_saving(Hashtag, publish):
            news.blocked = True
            news.save()
        publishing[0].result()
        assert HashtagUse.objects.filter(page_id=published.pk).count() == 1

"""What the system check says of this room."""

from django.core.checks import run_checks


def told():
    return [message.id for message in run_checks(tags=["personalize_streams"])]


class TestAddresses:
    def test_are_all_there(self):
        assert told() == []

    def test_are_missed_when_the_site_does_not_include_ours(self, settings):
        settings.ROOT_URLCONF = "django.contrib.auth.urls"
        assert told() == ["personalize_streams.W001", "personalize_streams.W002"]

    def test_are_missed_for_mails_without_links_of_hashtags_too(self, settings):
        settings.ROOT_URLCONF = "django.contrib.auth.urls"
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "HASHTAG_LINKS": False}
        assert told() == ["personalize_streams.W002"]

"""What the server sees by itself is counted after its request, and never in its way."""

from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.test import TestCase
from wagtail.documents import get_document_model

from tests.builders import person
from wagtail_personalize.engagement.happenings import counting
from wagtail_personalize.engagement.kinds import Kind
from wagtail_personalize.engagement.models import Event, Objection
from wagtail_personalize.hookspecs import record
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.subscribing.choosing import choose
from wagtail_personalize.streams.subscribing.models import Level

from .counting import balance, events

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    return get_document_model().objects.create(title="Plan", file=ContentFile(b"x", "plan.txt"))


def afterwards():
    return TestCase.captureOnCommitCallbacks(execute=True)


def recorded(kind, obj, viewer):
    with afterwards():
        record(kind, obj, viewer)


class TestRecord:
    @pytest.mark.parametrize("kind", ["reaction", "comment", "share", "bookmark", "follow"])
    def test_of_a_page_is_an_event_of_it(self, ada, news, kind):
        recorded(kind, news, Viewer.for_person(ada))
        assert [event.kind for event in events()] == [Kind[kind.upper()]]

    def test_shows_that_somebody_was_there(self, ada, news):
        recorded("comment", news, Viewer.for_person(ada))
        assert [event.kind for event in events("site")] == [Kind.COMMENT]

    def test_of_what_is_done_and_undone_and_done_is_one(self, ada, news):
        for _time in range(2):
            recorded("reaction", news, Viewer.for_person(ada))
            recorded("comment", news, Viewer.for_person(ada))
        assert [event.kind for event in events()] == [Kind.REACTION, Kind.COMMENT, Kind.COMMENT]

    def test_of_searches_knows_the_number_of_results(self, ada):
        for words in ("Holiday  plan", "holiday PLAN"):
            recorded("search", SimpleNamespace(words=words, results=3), Viewer.for_person(ada))
        assert [(event.kind, event.value) for event in events("search")] == [(Kind.SEARCH, 3)] * 2
        assert len({event.content_id for event in events("search")}) == 1

    def test_of_opened_results_is_one_click_an_hour_on_the_search(self, ada):
        for _time in range(2):
            recorded("search_opened", SimpleNamespace(words="Holiday plan"), Viewer.for_person(ada))
        recorded("search", SimpleNamespace(words="holiday plan", results=3), Viewer.for_person(ada))
        assert [event.kind for event in events("search")] == [Kind.CLICK, Kind.SEARCH]
        assert len({event.content_id for event in events("search")}) == 1

    @pytest.mark.parametrize("words", ["", "\x00", "𝓤𝓷𝓲", "'; DROP TABLE x", "<script>", "x" * 5000, "١٢٣"])
    def test_of_any_words_is_taken(self, ada, words):
        recorded("search", SimpleNamespace(words=words, results=0), Viewer.for_person(ada))
        assert len(events("search")) == 1

    def test_is_nothing_for_visitors_previews_objectors_and_strangers(self, ada, news):
        recorded("comment", news, Viewer.anonymous())
        recorded("comment", news, Viewer.for_person(ada, is_preview=True))
        recorded("comment", news, None)
        recorded("comment", object(), Viewer.for_person(ada))
        recorded("unknown", news, Viewer.for_person(ada))
        Objection.objects.create(person=ada)
        recorded("comment", news, Viewer.for_person(ada))
        assert not Event.objects.exists()

    def test_is_in_nobodys_way_when_it_fails(self, ada, news, monkeypatch, caplog):
        monkeypatch.setattr(counting, "store", lambda events: 1 / 0)
        recorded("comment", news, Viewer.for_person(ada))
        assert "ZeroDivisionError" in caplog.text

    def test_is_no_part_of_the_balance(self, ada, news):
        recorded("comment", news, Viewer.for_person(ada))
        assert balance() == (0, 0, 0, 0, 0)


class TestDownload:
    def get(self, client, document, **headers):
        with afterwards():
            answer = client.get(document.url, headers=headers)
        b"".join(getattr(answer, "streaming_content", ()))  # which closes the file
        return answer

    def test_of_a_document_is_one_in_an_hour(self, client, ada, document):
        client.force_login(ada)
        for _piece in range(3):
            assert self.get(client, document).status_code == 200
        assert [event.kind for event in events("document")] == [Kind.DOWNLOAD]

    def test_is_not_counted_for_a_browser_that_refuses(self, client, ada, document):
        client.force_login(ada)
        self.get(client, document, DNT="1")
        assert not Event.objects.exists()
        self.get(client, document)
        assert Event.objects.exists()

    def test_of_visitors_is_not_counted(self, client, document):
        self.get(client, document)
        assert not Event.objects.exists()


class TestFollow:
    def test_of_a_page_is_counted_once(self, ada, news):
        for level in (Level.NORMAL, Level.OFF, Level.NORMAL):
            with afterwards():
                choose(ada.pk, ("page", str(news.translation_key)), level)
        assert [event.kind for event in events()] == [Kind.FOLLOW]

    def test_of_a_hashtag_is_counted(self, ada):
        with afterwards():
            choose(ada.pk, ("hashtag", "safety"), Level.NORMAL)
        assert [event.content.key for event in events("hashtag")] == ["safety"]

    def test_of_a_colleague_is_nobodys_business(self, ada):
        with afterwards():
            choose(ada.pk, ("person", str(person("bob").pk)), Level.NORMAL)
        assert not Event.objects.exists()

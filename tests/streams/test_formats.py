"""What format a page is: found in its content or said by an editor, and how readers filter by it."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.blocks import ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageLogEntry

from tests.builders import audience, block, person, user
from tests.doors.viewers import editor_of_all_pages
from tests.permissions import allowed
from tests.streams.subscribing import choose
from tests.streams.test_following_pages import text
from tests.streams.test_hashtag_page import signed_in
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.blocks import LatestArticlesBlock
from wagtail_personalize.streams.formats.blocks import AudioBlock, PictureStoryBlock, VideoBlock
from wagtail_personalize.streams.formats.finding import found_in_stream
from wagtail_personalize.streams.formats.models import Format
from wagtail_personalize.streams.models import PageFormat, TimelineItem
from wagtail_personalize.streams.timeline.index import check, refresh
from wagtail_personalize.streams.timeline.reading import all_news
from wagtail_personalize.targeting.blocks import AudienceStructBlock, VariantsBlock

from .timeline import published, translated

pytestmark = pytest.mark.django_db

NEWS, MINE = "/people/news/", "/people/me/news/"
FILM = '<embed embedtype="media" url="https://example.com/film"/>'


class ForSomeBlock(AudienceStructBlock):
    film = EmbedBlock()


class AnyBlock(StreamBlock):
    text = RichTextBlock()
    film = VideoBlock()
    sound = AudioBlock()
    story = PictureStoryBlock()
    embed = EmbedBlock()
    document = DocumentChooserBlock()
    listed = ListBlock(StructBlock([("film", EmbedBlock())]))
    some = ForSomeBlock()
    variants = VariantsBlock(RichTextBlock())


class TestFinding:
    @pytest.mark.parametrize(
        ("kinds", "found"),
        [
            ([], Format.TEXT),
            (["text"], Format.TEXT),
            (["text", "story"], Format.PICTURES),
            (["story", "sound", "text"], Format.AUDIO),
            (["sound", "film"], Format.VIDEO),
            (["embed"], Format.VIDEO),
            (["document"], Format.DOCUMENT),
            (["document", "text"], Format.TEXT),
        ],
    )
    def test_takes_what_says_most_about_a_page(self, kinds, found):
        values = {"text": "<p>Text</p>", "embed": "https://example.com/x", "document": 1}
        assert found_in_stream(AnyBlock(), [block(kind, values.get(kind, {"title": "x"})) for kind in kinds]) is found

    def test_looks_into_lists_and_not_into_what_only_some_may_see(self):
        listed = block("listed", [{"type": "item", "value": {"film": "https://example.com/x"}, "id": "1"}])
        assert found_in_stream(AnyBlock(), [listed]) is Format.VIDEO
        for include, found in (([], Format.VIDEO), (["00000000-0000-4000-8000-000000000000"], Format.TEXT)):
            some = block("some", {"film": "https://example.com/x"}, audience(include) if include else None)
            assert found_in_stream(AnyBlock(), [some]) is found


class TestPage:
    def test_has_the_format_of_its_live_version(self):
        film, plain = published("Film", rich=FILM), published("Plain")
        assert {one.page.title: one.format for one in all_news(Viewer.anonymous()).items} == {
            "Film": Format.VIDEO,
            "Plain": Format.TEXT,
        }
        film.rich = "<p>Words</p>"
        film.save_revision()
        assert PageFormat.objects.get().format == Format.VIDEO
        film.save_revision().publish()
        assert not PageFormat.objects.exists()
        assert check() == 0
        plain.delete()

    def test_has_one_format_in_all_languages(self):
        film = published("Film", rich=FILM)
        german = translated(film)
        german.rich = "<p>Worte</p>"
        german.save_revision().publish()
        assert PageFormat.objects.get().format == Format.VIDEO
        film.unpublish()
        assert not PageFormat.objects.exists()

    def test_is_found_by_the_refresh_and_forgotten_with_the_page(self):
        film = published("Film")
        type(film).objects.filter(pk=film.pk).update(rich=FILM)
        refresh()
        assert TimelineItem.objects.get(page=film).format == Format.VIDEO
        film.delete()
        assert not PageFormat.objects.exists()


class TestChoosing:
    def address(self, page):
        return reverse("personalize_formats:page", args=[page.pk])

    def test_takes_effect_at_once_is_logged_and_survives_publishing(self):
        page, client = published("Talk"), signed_in(user(is_superuser=True, is_staff=True))
        assert "Format…" in text(client, reverse("wagtailadmin_pages:edit", args=[page.pk]))
        client.post(self.address(page), {"format": str(Format.AUDIO.value)})
        page.save_revision().publish()
        assert TimelineItem.objects.get(page=page).format == Format.AUDIO
        assert "What the content shows: Text" in text(client, self.address(page))
        client.post(self.address(page), {"format": ""})
        assert TimelineItem.objects.get(page=page).format == Format.TEXT
        said = [one.formatter.format_message(one) for one in PageLogEntry.objects.filter(action__contains="format")]
        assert sorted(said) == ["Format: Audio", "Format: what the content shows"]

    def test_takes_the_right_to_publish(self):
        page = published("Talk")
        client = signed_in(allowed(user(is_staff=True)))
        assert client.post(self.address(page), {"format": "2"}).status_code == 302
        assert not PageFormat.objects.exists()
        signed_in(allowed(editor_of_all_pages())).post(self.address(page), {"format": "2"})
        assert PageFormat.objects.get().chosen == Format.VIDEO


class TestFiltering:
    @pytest.fixture
    def pages(self):
        topic = published("Topic", day=0)
        for day, (title, rich) in enumerate([("#a Film", FILM), ("#a Words", "<p>#a</p>")], 1):
            published(title, parent=topic, day=day, rich=rich)
        return topic

    @pytest.mark.parametrize("address", [NEWS, MINE, "/people/hashtags/a/"])
    def test_narrows_every_list(self, pages, address):
        me = person()
        choose(me, pages)
        client = signed_in(me)
        assert ">#a Film<" in text(client, address)
        film, words = text(client, f"{address}?format=video"), text(client, f"{address}?format=text")
        assert (">#a Film<" in film, ">#a Words<" in film) == (True, False)
        assert (">#a Film<" in words, ">#a Words<" in words) == (False, True)
        assert ">#a Film<" in text(client, f"{address}?format=nonsense")
        assert 'wp-format--video">Video</span>' in film

    def test_goes_on_with_the_same_format(self, pages):
        for number in range(25):
            published(f"Film {number}", rich=FILM)
        first = Client().get(f"{NEWS}?format=video")
        assert "format=video" in first.context["more_url"]
        assert first.content.decode().count("<article") == 20
        second = text(Client(), first.context["more_url"])
        assert second.count("<article") == 6
        assert "#a Words" not in second

    def test_agrees_with_what_is_shown_without_it(self, pages):
        everything = [(one.page.pk, one.format) for one in all_news(Viewer.anonymous()).items]
        for wanted in Format:
            shown = [one.page.pk for one in all_news(Viewer.anonymous(), formats=[wanted]).items]
            assert shown == [pk for pk, found in everything if found == wanted]

    def test_is_a_choice_of_the_latest_articles(self, pages):
        block = LatestArticlesBlock()
        html = block.render(block.to_python({"format": "video"}))
        assert "#a Film" in html
        assert "#a Words" not in html

    def test_costs_no_query_more(self, pages):
        def queries(address):
            with CaptureQueriesContext(connection) as context:
                Client().get(address)
            return len(context)

        queries(NEWS)
        assert queries(f"{NEWS}?format=video") <= queries(NEWS)


class TestMedia:
    @pytest.fixture
    def documents(self):
        make = get_document_model().objects.create
        names = ("film.mp4", "film.vtt", "talk.mp3", "notes.docx")
        return {name: make(title=name, file=ContentFile(b"x", name)).pk for name in names}

    def clean(self, kind, **value):
        media = kind()
        return media.clean(media.to_python({"title": "Safety", **value}))

    def test_ask_for_captions_or_a_transcript(self, documents):
        film, words = documents["film.mp4"], "<p>Words</p>"
        for kind, file in ((VideoBlock, film), (AudioBlock, documents["talk.mp3"])):
            with pytest.raises(ValidationError) as refused:
                self.clean(kind, file=file, transcript="<p> </p>")
            assert "no sound at work" in str(refused.value.as_json_data())
            assert self.clean(kind, file=file, transcript=words)
        assert self.clean(VideoBlock, file=film, captions=documents["film.vtt"])

    def test_refuse_what_nobody_can_play(self, documents):
        words = "<p>Words</p>"
        for value in (
            {},
            {"file": documents["notes.docx"]},
            {"file": documents["film.mp4"], "captions": documents["notes.docx"]},
        ):
            with pytest.raises(ValidationError):
                self.clean(VideoBlock, transcript=words, **value)

    def test_ask_what_pictures_show(self):
        image = get_image_model().objects.create(title="Hall", file=get_test_image_file())
        pictures = [{"image": image.pk, "caption": caption} for caption in ("The hall", "")]
        with pytest.raises(ValidationError) as refused:
            self.clean(PictureStoryBlock, pictures=pictures)
        assert "Give every picture a caption" in str(refused.value.as_json_data())
        assert self.clean(PictureStoryBlock, pictures=pictures, transcript="<p>A hall</p>")

    def test_are_rendered_with_their_words(self, documents):
        media = VideoBlock()
        value = media.to_python(
            {
                "title": "Safety",
                "file": documents["film.mp4"],
                "captions": documents["film.vtt"],
                "transcript": "<p>Words</p>",
            }
        )
        html = media.render(value)
        assert '<track kind="captions"' in html
        assert "<p>Words</p>" in html
        assert 'aria-label="Safety"' in html

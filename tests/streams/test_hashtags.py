"""What is a hashtag in plain text, and what is not."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_personalize.streams.hashtags import MOST_CHARACTERS, MOST_HASHTAGS, find, key_of, labels


def found(text):
    return [hashtag.label for hashtag in find(text)]


class TestHashtag:
    @pytest.mark.parametrize(
        "text",
        [
            "#news",
            "(#news)",
            "before #news.",
            "“#news”",
            "＃news",
            "line\n#news",
            "either/#news",
            "#news-letter",
            "#news!",
            "#news#other",
            "great.#news",
        ],
    )
    def test_stands_alone(self, text):
        assert found(text) == ["news"]

    @pytest.mark.parametrize(
        "label", ["1tag", "tag_1", "_a", "Größe", "한국말", "می‌خواهم", "क्‍ष", "hag̃ua", "葛󠄀城", "々"]
    )
    def test_may_be_written_in_any_script(self, label):
        assert found(f"see #{label}, please") == [label]

    @pytest.mark.parametrize("text", ["#", "# news", "#1234", "#_", "#_1", "#️news", "#1️⃣", "#́news", "#ㅤ", "#😀"])
    def test_needs_a_letter(self, text):
        assert found(text) == []

    @pytest.mark.parametrize(
        "text", ["a#news", "1#news", "_#news", "é#news", "e\u0301#news", "a‌#news", "##news", "字#news"]
    )
    def test_stands_not_inside_a_word(self, text):
        assert found(text) == []

    @pytest.mark.parametrize(
        "text",
        [
            "https://example.com/#news",
            "see https://example.com/wiki/A_(b)#news",
            "HTTP://example.com/a/#news",
            "www.example.com/#news",
            "example.com/#news",
            "intranet.example.com:8080/a/#news",
            "mailto:a@example.com?subject=#news",
            "日本https://example.com/#news",
            "ftp://#news",
            "#news://example.com",
        ],
    )
    def test_stands_not_in_a_web_address(self, text):
        assert found(text) == []

    @pytest.mark.parametrize(
        "text", ["https://example.com #news", "https://example.com、#news", "<https://example.com/>#news"]
    )
    def test_may_follow_a_web_address(self, text):
        assert found(text) == ["news"]

    @pytest.mark.parametrize("text", ["`#news`", "``a ` #news``", "```\n#news\n```", "&#news;", "&#x27;"])
    def test_stands_not_in_code_or_an_entity(self, text):
        assert found(text) == []

    def test_may_follow_a_lone_backtick(self):
        assert found("a ` and #news") == ["news"]

    def test_has_at_most_64_characters(self):
        assert found("#" + "a" * MOST_CHARACTERS) == ["a" * MOST_CHARACTERS]
        assert found("#" + "a" * (MOST_CHARACTERS + 1)) == []
        assert found("#" + "ﷺ" * 4) == []  # 18 characters each, once normalised

    def test_tells_where_it_stands_with_its_sign(self):
        text = "a 😀 ＃news b"
        (hashtag,) = find(text)
        assert text[hashtag.start : hashtag.end] == "＃news"


class TestKey:
    @pytest.mark.parametrize(
        ("one", "other"), [("News", "NEWS"), ("Straße", "STRASSE"), ("ﾊｯｼｭ", "ハッシュ"), ("é", "é")]
    )
    def test_is_the_same_for_spellings_of_one_hashtag(self, one, other):
        assert key_of(one) == key_of(f"#{other}") != ""

    @pytest.mark.parametrize(("one", "other"), [("resume", "résumé"), ("Zurich", "Zürich"), ("می‌خواهم", "میخواهم")])
    def test_keeps_accents_and_joiners(self, one, other):
        assert key_of(one) != key_of(other)

    def test_does_not_depend_on_the_glyph_chosen(self):
        assert key_of("葛󠄀城") == key_of("葛城")

    @pytest.mark.parametrize("label", ["", "#", "two words", "1", "a-b", "a" * 65])
    def test_of_what_is_no_hashtag_is_empty(self, label):
        assert key_of(label) == ""

    @given(st.text())
    def test_of_a_key_is_the_key(self, text):
        key = key_of(text)
        assert key_of(key) == key


class TestItem:
    def test_has_at_most_30_different_hashtags(self):
        text = " ".join(f"#a{number}" for number in range(100)) + " #A0"
        assert len({hashtag.key for hashtag in find(text)}) == MOST_HASHTAGS
        assert find(text)[-1].label == "A0"

    def test_keeps_the_spelling_seen_first(self):
        assert labels(find("#News #news #NEWS #more")) == {"news": "News", "more": "more"}


class TestFound:
    @given(st.text(alphabet=st.sampled_from("#＃a1_é́‌ &`/:.-@wж字 "), max_size=40))
    def test_is_what_stands_in_the_text(self, text):
        last = 0
        for hashtag in find(text):
            assert text[hashtag.start] in "#＃"
            assert text[hashtag.start + 1 : hashtag.end] == hashtag.label
            assert hashtag.start >= last
            assert hashtag.key == unicodedata.normalize("NFKC", hashtag.key.casefold())
            last = hashtag.end


HOSTILE = ["#a", "####", "&#", "http://", "#á", "#a1 ", "a.", "`", "``", " ```a", "`` a", "www.", "a@", "#\u200c"]
HOSTILE += ["#a\u200c", "#_", "x/", "a.b/#x ", "mailto:", "-.", "é.", "#a`", "́", "//", "a:", "#\ufe0f", "#１"]


class TestTime:
    """Ratios of two lengths, because nobody knows how busy a machine is: squared time would be 64, not 8."""

    @pytest.mark.parametrize("piece", HOSTILE)
    def test_grows_with_the_length_and_not_faster(self, piece):
        long = 100_000 // len(piece)
        short, whole = f"#x {piece * (long // 8)}", f"#x {piece * long}"
        assert any(quickest(whole) < 24 * quickest(short) + 0.01 for _again in range(4))


def quickest(text):
    def once():
        begin = time.process_time()
        find(text)
        return time.process_time() - begin

    return min(once() for _ in range(3))

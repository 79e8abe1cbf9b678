"""What counts as the same word."""

import pytest

from wagtail_personalize.search.backends.whoosh.words import LONGEST_WORD, analysed_as, telling, words


class TestWords:
    @pytest.mark.parametrize("text", ["Zürich", "ZÜRICH", "zurich", "Zu\u0308rich"])
    def test_accents_and_case_are_folded(self, text):
        assert words(text) == ["zurich"]

    @pytest.mark.parametrize(
        ("language", "one", "other"),
        [("en", "meetings", "meeting"), ("de", "Häuser", "Haus"), ("nl", "vergaderingen", "vergadering")],
    )
    def test_forms_of_a_word_are_one_word_in_its_language(self, language, one, other):
        assert words(one, language) == words(other, language)

    def test_other_languages_keep_their_forms(self):
        assert words("réunions") == ["reunions"]

    def test_hyphens_and_underscores_part_words(self):
        assert words("Poseidon-1234_ABC") == ["poseidon", "1234", "abc"]

    def test_what_is_too_long_for_a_word_is_cut(self):
        assert words("x" * 10_000) == ["x" * LONGEST_WORD]

    @pytest.mark.parametrize(("code", "language"), [("de-at", "de"), ("EN", "en"), ("nl_BE", "nl"), ("fr", "any")])
    def test_a_locale_is_read_by_its_language(self, code, language):
        assert analysed_as(code) == language


class TestTellingWords:
    def test_leave_out_what_says_nothing(self):
        assert telling("the parking", "en") == (["park"], ["the"])

    def test_are_all_there_is_if_nothing_else_is_asked_for(self):
        assert telling("to be or not to be", "en") == (["to", "be", "or", "not"], [])

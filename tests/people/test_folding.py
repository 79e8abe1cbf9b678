import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_personalize.people.folding import fold, text_hash

NAUGHTY = Path(__file__).parents[3] / "shared/data/blns/blns.json"


class TestFold:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("Zürich", "zurich"),
            ("ZÜRICH", "zurich"),
            ("Zu\u0308rich", "zurich"),
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("Ørsted Æther Œuvre", "orsted aether oeuvre"),
            ("Łódź", "lodz"),
            ("Đorđe Ðór Þór Ħal", "dorde dor thor hal"),
            ("İstanbul ISPARTA ışık", "istanbul isparta isik"),
            ("\u00a0 ﬁnance\u3000", "finance"),
            ("Ｒ＆Ｄ", "r&d"),
            ("Σίσυφος ΣΊΣΥΦΟΣ", "σισυφοσ σισυφοσ"),
            ("Ёлка", "елка"),
            ("한국", "한국"),
            ("a\x00b", "ab"),
            ("\ud800", "\ufffd"),
            ("", ""),
        ],
    )
    def test_removes_differences_of_case_accents_and_compatibility(self, text, folded):
        assert fold(text) == folded

    @given(st.text())
    def test_is_idempotent(self, text):
        assert fold(fold(text)) == fold(text)

    @given(st.text())
    def test_answers_the_same_for_every_normal_form(self, text):
        assert {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")} == {fold(text)}

    @given(st.text())
    def test_answers_the_same_for_every_case(self, text):
        assert fold(text.casefold()) == fold(text)

    @given(st.text())
    def test_yields_a_normal_form(self, text):
        assert unicodedata.is_normalized("NFKC", fold(text))

    @pytest.mark.skipif(not NAUGHTY.exists(), reason="the shared data is not here")
    def test_survives_naughty_strings(self):
        for text in json.loads(NAUGHTY.read_text()):
            assert fold(fold(text)) == fold(text)


class TestTextHash:
    def test_distinguishes_what_folds_to_the_same(self):
        assert text_hash("Zürich") != text_hash("zürich")

    @given(st.text(alphabet=st.characters()))
    def test_accepts_any_text(self, text):
        assert len(text_hash(text)) == 64

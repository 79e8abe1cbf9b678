"""Hashtags held against what others published.

All cases of twitter-text are answered alike. The Unicode pattern takes more characters; each kind stands here with the
reason why we do not.
"""

import json
import random
import shutil
import subprocess
import unicodedata
from itertools import groupby
from pathlib import Path

import pytest

from wagtail_personalize.streams.hashtags import find

DATA = Path(__file__).parents[3] / "shared/data"
CASES = DATA / "hashtag-twitter-text/autolink.yml"
PATTERN = DATA / "hashtag-uax31/index.js"

pytestmark = pytest.mark.realdata


def cases():
    if not CASES.is_file():
        return []
    yaml = pytest.importorskip("yaml")
    found = yaml.safe_load(CASES.read_text(encoding="utf-8"))["tests"]["hashtags"]
    return [pytest.param(case, id=case["description"]) for case in found]


def linked(text):
    """The text with links as those cases write them; they tell right-to-left scripts apart, which CSS does for us."""
    pieces, last = [], 0
    for tag in find(text):
        link = f'<a href="https://twitter.com/search?q=%23{tag.label}" title="#{tag.label}" class="tweet-url hashtag">'
        pieces += [text[last : tag.start], link, text[tag.start : tag.end], "</a>"]
        last = tag.end
    return "".join([*pieces, text[last:]])


@pytest.mark.skipif(not CASES.is_file(), reason="the cases are not here")
class TestTwitterText:
    @pytest.mark.parametrize("case", cases())
    def test_is_answered_alike(self, case):
        assert linked(case["text"]) == case["expected"].replace("hashtag rtl", "hashtag")


#: Characters that the Unicode pattern takes into a hashtag and we do not, by general category, with the reason.
ONLY_THERE = {
    "So": "emoji: a hashtag is letters, digits and underscores",
    "Sk": "skin tones of emoji",
    "Cf": "tags of flag emoji",
    "Me": "the key cap of emoji",
    "Sm": "signs with an emoji form, and +",
    "Po": "signs with an emoji form, *, and middle dots: no letters",
    "Pd": "signs with an emoji form, and - which ends a hashtag: #e-mail is #e",
    "Pc": "connecting punctuation other than the underscore",
    "No": "superscripts and numbers in circles are no digits",
    "Nl": "numbers that look like letters are no digits",
    "Lu": "Ŀ, which normalises to a letter and a middle dot",
    "Ll": "ŀ, which normalises to a letter and a middle dot",
    "Cn": "not assigned in the Unicode of this Python",
}
#: Letters and marks that nobody sees.
INVISIBLE = set("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


def ask_pattern(texts):
    """What the published pattern finds in each text."""
    script = (
        "const pattern=require(process.argv[1])();let all='';process.stdin.on('data',d=>all+=d).on('end',()=>"
        "console.log(JSON.stringify(JSON.parse(all).map(text=>text.match(pattern)||[]))))"
    )
    sent = json.dumps(texts)
    answer = subprocess.run(
        ["node", "-e", script, str(PATTERN)], input=sent, capture_output=True, text=True, check=True
    )
    return json.loads(answer.stdout)


@pytest.mark.skipif(not PATTERN.is_file(), reason="the pattern is not here")
@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")
class TestUnicodePattern:
    def test_takes_the_same_characters(self):
        signs = [chr(code) for code in range(0x21, 0x110000) if chr(code) not in "#＃"]
        signs = [sign for sign in signs if unicodedata.category(sign) not in ("Co", "Cs")]
        texts = [f"#a{sign}a" for sign in signs]
        there = {sign for sign, text, got in zip(signs, texts, ask_pattern(texts), strict=True) if got == [text]}
        here = {sign for sign, text in zip(signs, texts, strict=True) if [t.end for t in find(text)] == [len(text)]}
        assert unexplained(there - here - INVISIBLE) == {}
        assert {sign for sign in there - here if unicodedata.category(sign) in ("Lu", "Ll")} == {"Ŀ", "ŀ"}
        assert here - there == {"\u2e2f"}  # a letter to Unicode, and kept for syntax at the same time
        assert len(here & there) > 130_000

    def test_finds_the_same_words(self):
        chance = random.Random(31)
        letters = [sign for sign in map(chr, range(0xC0, 0x3000)) if is_settled(sign)] + list("09_")
        words = ["".join(chance.choices(letters, k=chance.randint(1, 12))) for _ in range(3000)]
        pairs = zip(words, words[::-1], strict=True)
        texts = [f"{chance.choice(words)} #x{one} ({chance.choice('#＃')}y{other})!" for one, other in pairs]
        assert [[text[tag.start : tag.end] for tag in find(text)] for text in texts] == ask_pattern(texts)


def is_settled(sign):
    """Letters of old, so that a newer Python does not know more than the pattern, which keep their form."""
    known = unicodedata.ucd_3_2_0.category(sign) in ("Lu", "Ll", "Lo") and sign not in INVISIBLE
    return known and unicodedata.is_normalized("NFKC", sign)


def unexplained(signs):
    by_kind = groupby(sorted(signs, key=unicodedata.category), key=unicodedata.category)
    return {kind: [f"{ord(sign):x}" for sign in some][:20] for kind, some in by_kind if kind not in ONLY_THERE}

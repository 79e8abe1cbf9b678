"""Words that betray special categories of personal data (GDPR articles 9 and 10) in English, German and Dutch.

A machine cannot know what an attribute really holds; it can ask for a reason when the name or label sounds like it.
"""

import re
from itertools import pairwise

from django.utils.translation import override

from .attributes import Attribute
from .folding import fold

#: Beginnings of words. What is longer than six letters also counts inside a word, as in German and Dutch compounds.
_BEGINNINGS = {
    "health": "health illness sick diseas disab disorder handicap medical diagnos pregnan vaccin allerg blood "
    "gesundheit krank behinder schwanger impfung impfstatus medizin blutgrupp "
    "gezondheid ziek gehandicapt arbeidsongeschikt zwanger medisch bloedgroep",
    "religion": "religi church creed denomination confession faith konfession glauben kirche kirchensteuer weltanschau "
    "godsdienst geloof kerkelijk kerkgenootschap levensbeschouw",
    "trade union": "union tradeunion gewerkschaft vakbond vakvereniging",
    "ethnic origin": "ethnic racial skincolo ethnisch ethnie hautfarbe migrationshintergrund etnisch etniciteit "
    "huidskleur afkomst migratieachtergrond",
    "sexual orientation": "sexual homosexu bisexu transgender lgbt queer lesbi sexuell seksue seksualiteit geaardheid",
    "politics": "politi partei partij",
    "genetics or biometrics": "genetic biometr fingerprint genetisch fingerabdruck vingerafdruk",
    "criminal record": "criminalrec conviction vorstraf strafregister strafblad fuhrungszeugnis",
}
_WHOLE_WORDS = {
    "health": "hiv aids",
    "religion": "kerk kirche",
    "ethnic origin": "race races rasse ras caste castes",
    "sexual orientation": "orientation orientierung orientatie gay",
    "genetics or biometrics": "dna dns",
    "criminal record": "criminal",
}
_LONG = 7


def special_category(attribute: Attribute) -> str | None:
    """The special category that the name or the label of an attribute sounds like, in any of the three languages."""
    texts = [attribute.name]
    for language in ("en", "de", "nl"):
        with override(language):
            texts.append(str(attribute.label))
    words = {word for text in texts for word in _words(text)}
    return next((category for category in _BEGINNINGS if any(_sounds_like(word, category) for word in words)), None)


def _words(text: str) -> list[str]:
    """The words of a name or label, folded, each also joined with its successor ("trade union", "skin_color")."""
    separated = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    words = re.findall(r"[^\W_]+", fold(separated))
    return words + [first + second for first, second in pairwise(words)]


def _sounds_like(word: str, category: str) -> bool:
    if word in _WHOLE_WORDS.get(category, "").split():
        return True
    return any(
        word.startswith(beginning) or (len(beginning) >= _LONG and beginning in word)
        for beginning in _BEGINNINGS[category].split()
    )

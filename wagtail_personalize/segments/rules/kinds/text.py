"""Text and choices: compared folded, by way of our own table of the distinct texts that occur.

The table says which exact texts fold to what is asked for; the profile's text is then compared exactly with those. A
text that was written past Django's signals, without ``people.changed``, is not in the table yet and matches nothing.
"""

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import Exact, In

from wagtail_personalize.people.exact import ExactText
from wagtail_personalize.people.folding import fold, text_hash
from wagtail_personalize.people.models import FoldedValue

from . import Asked
from .functions import KnownTextIdentity, TextIdentity
from .subqueries import KnownTexts

_BLANK = text_hash("")


def text_q(asked: Asked) -> Q:
    if asked.operator == "is_set":
        return _is_set(asked)
    if asked.operator in ("contains", "starts_with"):
        return asked.target.some(_is_among(asked, _matching(asked)))
    return texts_q(asked, asked.values)


def texts_q(asked: Asked, texts: list[str]) -> Q:
    """Some value folds to the same as one of ``texts``."""
    return asked.target.some(_is_one_of(asked, _hashes(texts)))


def _is_set(asked: Asked) -> Q:
    blank = Q(Exact(ExactText(F(asked.target.path)), "")) | _is_one_of(asked, [_BLANK])
    return asked.target.some(~blank)


def _is_one_of(asked: Asked, hashes: list[str]) -> Q:
    known = KnownTexts(asked.target.attribute.name, *hashes)
    return Q(In(TextIdentity(F(asked.target.path)), known))


def _matching(asked: Asked) -> QuerySet:
    known, folded = FoldedValue.objects.filter(attribute=asked.target.attribute.name), fold(asked.value)
    if asked.operator == "contains":
        return known.filter(folded__contains=folded)
    return known.filter(folded__startswith=folded)


def _is_among(asked: Asked, known: QuerySet) -> Q:
    texts = known.values_list(KnownTextIdentity())
    return Q(In(TextIdentity(F(asked.target.path)), texts.query))


def _hashes(texts: list[str]) -> list[str]:
    return sorted({text_hash(fold(str(text))) for text in texts})

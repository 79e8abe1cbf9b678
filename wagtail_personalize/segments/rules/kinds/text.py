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

_BLANK = text_hash("")


def text_q(asked: Asked) -> Q:
    if asked.operator == "is_set":
        return _is_set(asked)
    return asked.target.some(_is_among(asked, _matching(asked)))


def texts_q(asked: Asked, texts: list[str]) -> Q:
    """Some value folds to the same as one of ``texts``."""
    return asked.target.some(_is_among(asked, _known(asked).filter(folded_hash__in=_hashes(texts))))


def _is_set(asked: Asked) -> Q:
    blank = Q(Exact(ExactText(F(asked.target.path)), "")) | _is_among(asked, _known(asked).filter(folded_hash=_BLANK))
    return asked.target.some(~blank)


def _matching(asked: Asked) -> QuerySet:
    known = _known(asked)
    match asked.operator:
        case "contains":
            return known.filter(folded__contains=fold(asked.value))
        case "starts_with":
            return known.filter(folded__startswith=fold(asked.value))
    return known.filter(folded_hash__in=_hashes(asked.values))


def _known(asked: Asked) -> QuerySet:
    return FoldedValue.objects.filter(attribute=asked.target.attribute.name)


def _is_among(asked: Asked, known: QuerySet) -> Q:
    texts = known.values_list(KnownTextIdentity())
    return Q(In(TextIdentity(F(asked.target.path)), texts.query))


def _hashes(texts: list[str]) -> list[str]:
    return sorted({text_hash(fold(str(text))) for text in texts})

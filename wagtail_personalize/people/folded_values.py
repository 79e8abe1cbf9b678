"""Keeping our own table of distinct texts and what they fold to.

Text conditions compile against ``FoldedValue``, so each text that occurs must be in it before a rule is evaluated.
``remember`` adds what is missing; ``tidy`` also drops what nobody has any more, so that an erased person's texts do
not outlive the night, and folds again what an older version folded.
"""

from collections.abc import Iterable, Iterator

from django.db.models import F, QuerySet

from .among import Among
from .attributes import Attribute, Choice, Many, Text
from .batches import batches
from .declaration import get_declaration
from .exact import ExactText
from .folding import fold, text_hash
from .models import FoldedValue
from .paths import end


def is_folded(attribute: Attribute) -> bool:
    """Are the values of this attribute texts, compared folded? Also a to-many path that ends on a text."""
    if isinstance(attribute, Many):
        declaration = get_declaration()
        return declaration is not None and not end(declaration.profile_model, attribute.path).is_relation
    return isinstance(attribute, Text | Choice)


def folded_attributes(names: Iterable[str] | None = None) -> list[Attribute]:
    """The attributes (all, or those among ``names``) whose texts are kept folded; people's names are among them."""
    declaration = get_declaration()
    if declaration is None:
        return []
    wanted = None if names is None else set(names)
    known = [*declaration.attributes, *declaration.name_attributes]
    return [a for a in known if (wanted is None or a.name in wanted) and is_folded(a)]


def remember(attribute_names: Iterable[str] | None = None, profiles: QuerySet | None = None) -> None:
    """Insert the distinct texts that are missing; ``profiles`` narrows the search to (not too many) who changed."""
    attributes = folded_attributes(attribute_names)
    if profiles is not None:
        single = [attribute for attribute in attributes if not isinstance(attribute, Many)]
        _insert_missing(_texts_together(single, profiles))
        attributes = [attribute for attribute in attributes if isinstance(attribute, Many)]
    for attribute in attributes:
        for texts in batches(_texts(attribute, profiles)):
            _insert_missing({(attribute.name, text_hash(text)): text for text in texts})


def tidy(attribute_names: Iterable[str] | None = None) -> None:
    """Make the table exactly what profiles hold now: nightly, and after people were erased."""
    remember(attribute_names)
    for attribute in folded_attributes(attribute_names):
        used = {text_hash(text) for text in _texts(attribute)}
        _drop_unused(attribute, used)
        _fold_again(attribute)
    if attribute_names is None:
        FoldedValue.objects.exclude(attribute__in=[a.name for a in folded_attributes()]).delete()


def _texts(attribute: Attribute, profiles: QuerySet | None = None) -> Iterator[str]:
    """The distinct texts of an attribute, exactly, streamed."""
    if profiles is None:
        profiles = get_declaration().profiles()
    texts = profiles.order_by().annotate(_text=ExactText(F(attribute.path))).values_list("_text", flat=True).distinct()
    return (text for text in texts.iterator(chunk_size=2000) if text)


def _texts_together(attributes: list[Attribute], profiles: QuerySet) -> dict[tuple[str, str], str]:
    """The texts of several single-valued attributes in one query, by attribute and hash."""
    if not attributes:
        return {}
    columns = {f"_text{n}": ExactText(F(attribute.path)) for n, attribute in enumerate(attributes)}
    rows = profiles.order_by().annotate(**columns).values_list(*columns)
    names = [attribute.name for attribute in attributes]
    found = {(name, text) for row in rows for name, text in zip(names, row, strict=True) if text}
    return {(name, text_hash(text)): text for name, text in found}


def _insert_missing(texts: dict[tuple[str, str], str]) -> None:
    """Insert those of these texts, given by attribute and hash, that are not stored yet."""
    for keys in batches(sorted(texts)):
        attributes, hashes = {attribute for attribute, _ in keys}, {key for _, key in keys}
        stored = FoldedValue.objects.filter(Among(F("value_hash"), list(hashes)), attribute__in=attributes)
        known = set(stored.values_list("attribute", "value_hash"))
        missing = [_folded_value(*key, texts[key]) for key in keys if key not in known]
        FoldedValue.objects.bulk_create(missing, ignore_conflicts=True)


def _folded_value(attribute: str, key: str, text: str) -> FoldedValue:
    folded = fold(text)
    return FoldedValue(attribute=attribute, value=text, value_hash=key, folded=folded, folded_hash=text_hash(folded))


def _drop_unused(attribute: Attribute, used: set[str]) -> None:
    stored = FoldedValue.objects.filter(attribute=attribute.name)
    unused = set(stored.values_list("value_hash", flat=True)) - used
    for keys in batches(sorted(unused)):
        stored.filter(value_hash__in=keys).delete()


def _fold_again(attribute: Attribute) -> None:
    for row in FoldedValue.objects.filter(attribute=attribute.name).iterator(chunk_size=2000):
        folded = fold(row.value)
        if folded != row.folded:
            row.folded, row.folded_hash = folded, text_hash(folded)
            row.save(update_fields=["folded", "folded_hash"])

"""Whatever is asked, the engine finds exactly the documents for which the question is true."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from modelsearch.query import MATCH_ALL, MATCH_NONE, And, Boost, MatchAll, Not, Or, Phrase, PlainText
from whoosh.index import create_in

from wagtail_personalize.search.backends.whoosh.fields import KEY, empty_schema, field_for, text_name
from wagtail_personalize.search.backends.whoosh.queries import Translator
from wagtail_personalize.search.backends.whoosh.reading import Reading

WORDS = some.sampled_from(["kiwi", "mango", "lemon", "peach"])
TEXTS = some.lists(WORDS, max_size=4).map(" ".join)
FIELDS = {text_name("title", "any"): 10.0, text_name("body", "any"): 1.0}
DOCUMENTS = some.lists(some.tuples(TEXTS, TEXTS), min_size=1, max_size=12)

plain = some.builds(
    PlainText, some.lists(WORDS, min_size=1, max_size=3).map(" ".join), some.sampled_from(["and", "or"])
)
phrases = some.lists(WORDS, min_size=2, max_size=2).map(" ".join).map(Phrase)
questions = some.recursive(
    some.one_of(plain, phrases, some.sampled_from([MATCH_ALL, MATCH_NONE])),
    lambda parts: some.one_of(
        some.builds(Not, parts),
        some.builds(Boost, parts, some.just(2.0)),
        some.builds(And, some.lists(parts, min_size=1, max_size=3)),
        some.builds(Or, some.lists(parts, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)


def is_true(question, texts):
    """The meaning of a question, without an index."""
    match question:
        case MatchAll():
            return True
        case PlainText():
            each = (word in " ".join(texts).split() for word in question.query_string.split())
            return all(each) if question.operator == "and" else any(each)
        case Phrase():
            return any(f" {question.query_string} " in f" {text} " for text in texts)
        case Boost():
            return is_true(question.subquery, texts)
        case Not():
            return not is_true(question.subquery, texts)
        case And():
            return all(is_true(part, texts) for part in question.subqueries)
        case Or():
            return any(is_true(part, texts) for part in question.subqueries)


def indexed(path, segments):
    """An index with one segment per list of documents, without the second document of each."""
    schema = empty_schema()
    for name in FIELDS:
        schema.add(name, field_for(name))
    index = create_in(str(path), schema)
    for start, documents in segments.items():
        writer = index.writer()
        for letter, texts in zip(string.ascii_letters, documents, strict=False):
            writer.add_document(**{KEY: f"{start}{letter}"}, **dict(zip(FIELDS, texts, strict=True)))
        writer.commit(merge=False)
        index.delete_by_term(KEY, f"{start}b")
    index.close()
    return Reading(path)


class TestTranslator:
    @given(segments=some.lists(DOCUMENTS, min_size=1, max_size=2), question=questions)
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_finds_each_document_for_which_the_question_is_true(self, tmp_path_factory, segments, question):
        named = dict(enumerate(segments))
        reading = indexed(tmp_path_factory.mktemp("index"), named)
        found = [
            key for key, _score in reading.hits(Translator({"title": 10.0, "body": 1.0}, FIELDS).translate(question))
        ]
        reading.close()
        assert sorted(found) == sorted(
            f"{start}{letter}"
            for start, documents in named.items()
            for letter, texts in zip(string.ascii_letters, documents, strict=False)
            if letter != "b" and is_true(question, texts)
        )

    def test_an_unwanted_first_document_is_not_found(self, tmp_path):
        """It was by Whoosh's own query, if another unwanted document stood before it."""
        reading = indexed(tmp_path, {0: [("kiwi", "kiwi"), ("", ""), ("kiwi mango", "")]})
        question = And([PlainText("mango"), Not(PlainText("kiwi"))])
        assert reading.hits(Translator({"title": 1.0, "body": 1.0}, FIELDS).translate(question)) == []
        reading.close()


class TestUnknownQueries:
    def test_are_refused_by_name(self):
        with pytest.raises(NotImplementedError, match="object"):
            Translator({}, []).translate(object())

"""What goes wrong around an index: nobody is shown an error, and what was saved is found sooner or later."""

import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest
from modelsearch.query import And, Fuzzy, Not, Or, Phrase, PlainText
from wagtail.models import Page
from whoosh.query import Term

from tests.builders import page
from tests.search.engine import backend, configured, rebuilt, titles
from wagtail_personalize.search.backends.whoosh.fields import KEY, empty_schema
from wagtail_personalize.search.backends.whoosh.folder import Folder, IndexIsBusy
from wagtail_personalize.search.backends.whoosh.generation import GenerationWriter
from wagtail_personalize.search.backends.whoosh.matching import Asked
from wagtail_personalize.search.backends.whoosh.reading import ask

NAUGHTY = Path(__file__).parents[3] / "shared/data/blns/blns.json"


@pytest.fixture
def engine(tmp_path, settings):
    return configured(settings, tmp_path, LOCK_TIMEOUT=0)


@pytest.fixture
def folder(engine):
    return engine.get_index_for_model(Page).folder


def files(folder, pattern="*.seg"):
    return list(folder.current().glob(pattern))


@pytest.mark.django_db
class TestWithoutAnIndex:
    def test_nothing_is_found_and_the_log_says_what_to_do(self, engine, caplog):
        assert (titles(engine, "parking"), engine.search("parking", Page).count()) == ([], 0)
        assert "run update_index" in caplog.text

    def test_saving_begins_one(self, engine):
        page("Parking")
        assert titles(engine, "parking") == ["Parking"]

    def test_it_begins_again_after_it_was_deleted(self, engine, folder):
        page("Parking")
        for file in folder.current().iterdir():
            file.unlink()
        assert titles(engine, "parking") == []
        page("Bicycles")
        assert titles(engine, "bicycles") == ["Bicycles"]

    @pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Whoosh's, of what it could not read
    @pytest.mark.parametrize("damage", [b"", b"no index"])
    def test_or_damaged(self, engine, folder, damage):
        page("Parking")
        assert files(folder)
        for file in files(folder):
            file.write_bytes(damage)
        assert titles(backend(engine.path), "parking") == []
        page("Bicycles")
        assert titles(engine, "bicycles") == ["Bicycles"]
        gc.collect()


@pytest.mark.django_db
class TestRebuilding:
    def test_readers_see_the_old_index_until_it_is_done(self, engine):
        page("Parking")
        rebuilder = engine.rebuilder_class(engine.get_index_for_model(Page))
        rebuilder.start()
        assert titles(engine, "parking") == ["Parking"]
        rebuilder.finish()
        assert titles(engine, "parking") == []

    def test_what_is_saved_meanwhile_is_in_the_new_one(self, engine):
        index = engine.get_index_for_model(Page)
        changed, gone = page("Parking"), page("Holidays")
        rebuilder = engine.rebuilder_class(index)
        rebuilder.start().add_items(type(changed), [changed, gone])
        changed.title = "Bicycles"
        changed.save()
        gone.delete()
        rebuilder.finish()
        assert [titles(engine, word) for word in ("parking", "holidays", "bicycles")] == [[], [], ["Bicycles"]]

    def test_two_at_once_leave_one_whole_index(self, engine, folder):
        page("Parking")
        one, other = (engine.rebuilder_class(engine.get_index_for_model(Page)) for _turn in range(2))
        for rebuilder in (one, other):
            rebuilder.start().add_items(Page, Page.objects.all())
        for rebuilder in (one, other):
            rebuilder.finish()
        assert titles(engine, "parking") == ["Parking"]
        assert [path for path in folder.path.glob("*-*") if path.is_dir()] == [folder.current()]

    def test_one_that_died_is_swept_away_by_the_next(self, engine, folder):
        engine.get_index_for_model(Page).reset()
        with folder.writing():
            left_over = folder.new_generation()
        rebuilt(engine)
        assert not left_over.exists()

    def test_an_index_of_another_layout_counts_as_missing(self, engine, folder):
        page("Parking")
        generation = folder.current()
        other = generation.rename(folder.path / f"0{generation.name}")
        (folder.path / "current").write_text(other.name)
        assert titles(engine, "parking") == []


@pytest.mark.django_db
class TestSeveralWriters:
    def test_one_waits_only_so_long(self, folder):
        with folder.writing(), pytest.raises(IndexIsBusy, match="more than 0 seconds"), folder.writing():
            pass

    def test_the_next_one_writes_what_could_not_wait(self, engine, folder, caplog):
        with folder.writing():
            page("Parking")
        assert "The next one to write" in caplog.text
        assert titles(engine, "parking") == []
        page("Bicycles")
        assert titles(engine, "parking") == ["Parking"]

    def test_what_was_deleted_by_then_is_not_found(self, engine, folder):
        gone = page("Parking")
        with folder.writing():
            gone.delete()
        page("Bicycles")
        assert engine.search("parking", Page).count() == 0

    def test_a_reader_sees_what_came_since_it_was_opened(self, engine):
        for number in range(7):
            page(f"Parking {number}")
            assert engine.search("parking", Page).count() == number + 1


WRITER = """
import sys
from pathlib import Path
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=[])
django.setup()
from wagtail_personalize.search.backends.whoosh.folder import Folder
from wagtail_personalize.search.backends.whoosh.generation import GenerationWriter
from wagtail_personalize.search.backends.whoosh.matching import Asked
from wagtail_personalize.search.backends.whoosh.reading import ask
folder, name, number = Folder(Path(sys.argv[1]), 60), sys.argv[2], int(sys.argv[3])
for count in range(number):
    with folder.writing():
        writer = GenerationWriter(folder.current())
        writer.put([{"key": f"{name}{count}", "text_title_any": "kiwi " * 50}])
        print(count, flush=True)
        writer.commit()
        writer.close()
"""


def writer(folder, name, number):
    command = [sys.executable, "-c", WRITER, str(folder.path), name, str(number)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def number_of_documents(folder):
    from wagtail_personalize.search.backends.whoosh.reading import Reading

    reading = Reading(folder.current())
    try:
        return reading.searcher.doc_count()
    finally:
        reading.close()


@pytest.fixture
def bare(tmp_path):
    """The folder of an index without Django's database."""
    folder = Folder(tmp_path, 60)
    with folder.writing():
        folder.switch_to(folder.new_generation())
    return folder


@pytest.mark.once
class TestProcesses:
    def test_writers_lose_nothing_to_each_other(self, bare):
        running = [writer(bare, name, 10) for name in "abc"]
        assert [process.communicate() and process.returncode for process in running] == [0, 0, 0]
        assert number_of_documents(bare) == 30

    @pytest.mark.parametrize("steps", [1, 2, 5])
    def test_a_killed_writer_leaves_a_readable_index_and_no_lock(self, bare, steps):
        process = writer(bare, "a", 1_000)
        for _step in range(steps):
            process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert number_of_documents(bare) in (steps - 1, steps)
        with bare.writing():
            next_one = GenerationWriter(bare.current())
            next_one.put([{KEY: "b"}])
            next_one.commit()
            next_one.close()
        assert number_of_documents(bare) in (steps, steps + 1)


def put(generation, documents):
    writing = GenerationWriter(generation)
    writing.put(documents)
    writing.commit()
    writing.close()


@pytest.mark.once
class TestThreads:
    def test_readers_see_a_whole_index_while_others_write_and_rebuild(self, bare):
        documents = [{KEY: str(number), "text_title_any": "kiwi"} for number in range(50)]
        put(bare.current(), documents)
        question, over, seen = Asked(Term("text_title_any", "kiwi")), Event(), []

        def read():
            while not over.is_set():
                seen.append(sorted(key for key, _score in ask(bare, lambda reading: reading.hits(question), [])))

        readers = [Thread(target=read) for _number in range(3)]
        for reader in readers:
            reader.start()
        for turn in range(20):
            with bare.writing():
                generation = bare.current() if turn % 4 else bare.new_generation()
                put(generation, documents[turn : turn + 1] if turn % 4 else documents)
                bare.switch_to(generation)
        over.set()
        for reader in readers:
            reader.join()
        assert seen
        assert all(keys == sorted(map(str, range(50))) for keys in seen)


def naughty_strings():
    return json.loads(NAUGHTY.read_text()) if NAUGHTY.is_file() else []


@pytest.mark.django_db
class TestWhatPeopleType:
    @pytest.fixture(autouse=True)
    def _page(self, engine):
        page("Parking")

    @pytest.mark.parametrize(
        "typed",
        ["*" * 50, "?*?*", "parking " * 1_250, "x" * 10_000, " ".join(map(str, range(2_000))), '"', "AND OR NOT", "()"],
    )
    @pytest.mark.parametrize("operator", ["and", "or"])
    def test_is_never_an_error(self, engine, typed, operator):
        found = "parking" in typed
        assert engine.search(typed, Page, operator=operator).count() == found
        assert engine.autocomplete(typed, Page, operator=operator).count() == found

    def test_wildcards_alone_find_nothing_in_any_combination(self, engine):
        stars = PlainText("***")
        asked = [stars, And([stars, PlainText("parking")]), Phrase("***"), Fuzzy("***"), Or([stars])]
        assert [engine.search(query, Page).count() for query in asked] == [0] * 5
        assert engine.search(Not(stars), Page).count() == engine.search(Or([Not(stars), stars]), Page).count() > 0

    @pytest.mark.realdata
    @pytest.mark.skipif(not NAUGHTY.is_file(), reason="the naughty strings are not here")
    def test_naughty_strings_are_just_words(self, engine):
        for typed in naughty_strings():
            assert (
                engine.search(typed, Page).count() == engine.autocomplete(typed, Page).count() == 0
                or "parking" in typed
            )

    @pytest.mark.realdata
    @pytest.mark.skipif(not NAUGHTY.is_file(), reason="the naughty strings are not here")
    def test_naughty_titles_can_be_indexed(self, engine):
        Page.objects.filter(title="Parking").update(title="")
        one = Page.objects.get(title="")
        engine.add_bulk(Page, [Page(pk=one.pk, title=title, locale=one.locale) for title in naughty_strings()])
        assert engine.search("parking", Page).count() == 0


class TestSchema:
    def test_an_empty_index_knows_only_its_key(self):
        assert empty_schema().names() == [KEY]

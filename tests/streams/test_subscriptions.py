"""What people follow: sources, their own choices, and what becomes of both."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page, PageViewRestriction

from tests.builders import page, person, segment, user
from tests.streams.subscribing import choose, followed, level, rule
from tests.streams.test_hashtag_page import tagged
from tests.targeting.restricting import restrict
from wagtail_personalize.hookspecs import subscriptions_changed
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.automatic.models import Mode, SubscriptionRule
from wagtail_personalize.streams.models import Hashtag, Source, Subscription, SubscriptionChange
from wagtail_personalize.streams.sources.ending import tidy
from wagtail_personalize.streams.sources.finding import find, find_all, name_of, sources_of
from wagtail_personalize.streams.sources.kinds import SourceKind, kinds, register_kind
from wagtail_personalize.streams.subscribing.history import history_of
from wagtail_personalize.streams.subscribing.models import Given, Level
from wagtail_personalize.streams.subscribing.reading import followed_by, followers, source_ids_of, subscriptions_to
from wagtail_personalize.streams.subscribing.shortcuts import (
    MOST_SHORTCUTS,
    TooMany,
    add_shortcut,
    move_shortcut,
    order_shortcuts,
    shortcuts_of,
)

pytestmark = pytest.mark.django_db


def hashtag(label="news"):
    return Hashtag.objects.get(key=label)


class TestSource:
    def test_is_missing_for_any_text_that_names_none(self):
        viewer = Viewer.for_person(person())
        keys = ["", "0", "01", "-1", "x", "9" * 30, "１", str(uuid4()), str(uuid4()).upper(), "a" * 300, "\0"]
        assert (
            find_all(((kind, key) for kind in ("page", "hashtag", "person", "nothing") for key in keys), viewer) == {}
        )

    def test_tells_label_address_and_place(self):
        it = page("IT")
        tagged("#news", parent=it)
        ada = person("ada", first_name="Ada", last_name="Lovelace", department="IT")
        viewer = Viewer.for_person(person())
        shown = [find(*name_of(obj), viewer) for obj in (it, hashtag(), ada)]
        assert [(one.label, one.url) for one in shown] == [
            ("IT", it.url),
            ("#news", "/people/hashtags/news/"),
            ("Ada Lovelace", f"/people/person/{ada.pk}/"),
        ]

    def test_of_a_page_is_the_same_in_all_languages(self):
        english = page("Canteen")
        german = english.copy_for_translation(Locale.objects.get_or_create(language_code="de")[0], copy_parents=True)
        german.title = "Kantine"
        german.save_revision().publish()
        assert name_of(english) == name_of(german)
        assert find(*name_of(german), Viewer.for_person(person())).label == "Canteen"
        english.delete()
        assert find(*name_of(german), Viewer.for_person(person())).label == "Kantine"

    @pytest.mark.parametrize("who", [Viewer.anonymous, lambda: Viewer.for_person(user(is_superuser=True))])
    def test_that_is_hidden_is_missing(self, who):
        secret = tagged("#secret")
        restrict(secret, segment("Finance"))
        names = [name_of(secret), name_of(hashtag("secret"))]
        assert find_all(names, who()) == {}
        assert len(find_all(names, Viewer.for_person(person(department="Finance")))) == 2

    def test_behind_wagtails_own_privacy_is_missing(self):
        closed = page("Closed")
        below = page("Below", parent=closed)
        PageViewRestriction.objects.create(page=closed, restriction_type="password", password="x")
        assert find_all([name_of(closed), name_of(below)], Viewer.for_person(person())) == {}

    def test_colleague_is_for_who_is_signed_in_and_never_oneself(self):
        ada, gone = person("ada"), person("gone", active=False)
        assert find(*name_of(ada), Viewer.for_person(person()))
        assert find(*name_of(ada), Viewer.anonymous()) is None
        assert find(*name_of(ada), Viewer.for_person(ada)) is None
        assert find(*name_of(gone), Viewer.for_person(ada)) is None
        assert find(*name_of(user()), Viewer.for_person(ada)) is None

    def test_start_page_and_drafts_are_none(self):
        draft = page("Draft", live=False)
        viewer = Viewer.for_person(person())
        assert find_all([name_of(draft), name_of(draft.get_parent().specific)], viewer) == {}

    def test_blocked_hashtags_are_none_and_synonyms_are_what_they_stand_for(self):
        tagged("#news #nieuws #spam")
        Hashtag.objects.filter(key="spam").update(blocked=True)
        synonym = hashtag("nieuws")
        synonym.synonym_of = hashtag()
        synonym.save()
        viewer = Viewer.for_person(person())
        assert find(*name_of(synonym), viewer).label == "#news"
        assert find(*name_of(hashtag("spam")), viewer) is None
        assert find("hashtag", str(synonym.pk), viewer) is None

    def test_asks_as_much_for_many_as_for_one(self):
        pages = [tagged(f"Page {number} #tag{number}") for number in range(8)]
        people = [person() for _number in range(8)]
        names = [name_of(obj) for obj in [*pages, *Hashtag.objects.all(), *people]]
        first = [name_of(pages[0]), name_of(Hashtag.objects.first()), name_of(people[0])]
        me = person()

        def asked(some):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                found = find_all(some, Viewer.for_person(me))
            assert len(found) == len(set(some))
            return len(queries)

        asked(first)
        assert asked(names) <= asked(first)


class TestItems:
    def test_of_sources_are_open_pages_newest_first(self):
        me, owner = person(), person()
        topic = page("Topic", owner=owner)
        old, new = tagged("Old #news", days=2, parent=topic), tagged("New #news", days=1, parent=topic, owner=owner)
        restrict(tagged("Secret #news", parent=topic, owner=owner), segment("Finance"))
        viewer = Viewer.for_person(me)
        items = {
            kind.name: kind.items(name_of(obj)[1], viewer)
            for kind, obj in zip(kinds(), (topic, hashtag(), owner), strict=True)
        }
        assert [one.title for one in items["page"]] == ["New #news", "Old #news"]
        assert [one.title for one in items["hashtag"]] == ["New #news", "Old #news"]
        assert [one.title for one in items["person"]] == ["New #news"]
        assert old.pk != new.pk

    def test_belong_to_the_sources_above_them_to_their_hashtags_and_their_author(self):
        me, owner = person(), person()
        topic = page("Topic")
        item, other = tagged("#news", parent=topic, owner=owner), page("Other")
        for obj in (topic, item, hashtag(), owner):
            choose(me, obj)
        found = sources_of([item, other])
        named = {pk: {(source.kind) for source in Source.objects.filter(pk__in=ids)} for pk, ids in found.items()}
        assert len(found[item.pk]) == 4
        assert named == {item.pk: {"page", "hashtag", "person"}, other.pk: set()}


class TestChoice:
    def test_is_remembered_with_its_history(self):
        me, it = person(), page("IT")
        assert choose(me, it)
        assert not choose(me, it)
        assert choose(me, it, Level.ALL)
        assert choose(me, it, Level.MUTED)
        assert (level(me, it), followed(me)) == (Level.MUTED, ["IT"])
        assert choose(me, it, Level.OFF)
        assert (level(me, it), followed(me)) == (Level.OFF, [])
        told = [step.what for step in history_of(Viewer.for_person(me))]
        assert told == [
            "You stopped following it",
            "You muted it",
            "You chose to get everything of it",
            "You followed it",
        ]

    def test_to_stop_what_nobody_follows_leaves_no_trace(self):
        me, it = person(), page("IT")
        assert not choose(me, it, Level.OFF)
        assert not Source.objects.exists()

    def test_is_told(self):
        me, it, told = person(), page("IT"), []
        receiver = lambda source_ids, person_ids, **kwargs: told.append((source_ids, person_ids))  # noqa: E731
        subscriptions_changed.connect(receiver)
        choose(me, it)
        choose(me, it)
        subscriptions_changed.disconnect(receiver)
        assert told == [({Source.objects.get().pk}, [me.pk])]

    def test_tells_the_timeline_and_messages(self):
        me, other = person(), person()
        it, hr = page("IT"), page("HR")
        choose(me, it)
        choose(me, hr, Level.MUTED)
        choose(other, it, Level.ALL)
        source = Source.objects.get(key=str(it.translation_key)).pk
        muted = Source.objects.get(key=str(hr.translation_key)).pk
        assert list(source_ids_of(me.pk)) == [source]
        assert set(source_ids_of(me.pk, Level.MUTED)) == {source, muted}
        assert set(followers([source])) == {me.pk, other.pk}
        assert list(followers([source, muted], Level.ALL)) == [other.pk]
        assert set(followers([source, muted])) == {me.pk, other.pk}

    def test_of_what_is_hidden_later_is_not_shown_but_kept(self):
        me, it = person(), page("IT")
        choose(me, it)
        audience = segment("Finance")
        restrict(it, audience)
        assert followed(me) == []
        assert history_of(Viewer.for_person(me)) == []
        restrict(it)
        assert followed(me) == ["IT"]

    def test_lists_cost_the_same_for_few_and_many(self):
        me, finance = person(department="Finance"), segment("Finance")
        viewer = lambda: Viewer.for_person(me)  # noqa: E731

        def follow(number):
            it = tagged(f"Page {number} #tag{number}")
            choose(me, it)
            choose(me, Hashtag.objects.get(key=f"tag{number}"))
            choose(me, person())
            rule(finance, page(f"Given {number}"))

        def asked():
            with CaptureQueriesContext(connection) as queries:
                found = followed_by(viewer())
                subscriptions_to([one.shown.name for one in found], viewer())
            return len(found), len(queries)

        follow(1)
        asked()
        few = asked()
        for number in range(2, 6):
            follow(number)
        assert asked() == (20, few[1])


def sources():
    """What can be followed; not the source of all news, which the timeline makes for itself."""
    return Source.objects.exclude(kind="everything")


class TestEnd:
    def follow_everything(self):
        me, author = person("me"), person("author")
        it = tagged("#news")
        finance = segment("Finance")
        for obj in (it, hashtag(), author):
            choose(me, obj)
            rule(finance, obj)
            add_shortcut(me.pk, Source.objects.get(key=name_of(obj)[1]).pk)
        return me, author, it

    def test_of_a_page_a_hashtag_or_a_colleague_takes_everything_about_it(self):
        _me, author, it = self.follow_everything()
        hashtag().delete()
        assert sorted(sources().values_list("kind", flat=True)) == ["page", "person"]
        it.delete()
        author.delete()
        assert not sources().exists()
        for model in (Subscription, SubscriptionChange, SubscriptionRule):
            assert not model.objects.exists()

    def test_of_a_page_spares_the_source_while_there_is_another_language(self):
        me, it = person(), page("IT")
        german = it.copy_for_translation(Locale.objects.get_or_create(language_code="de")[0], copy_parents=True)
        german.save_revision().publish()
        choose(me, it)
        it.delete()
        assert followed(me) == ["IT"]
        german.delete()
        assert not sources().exists()

    def test_of_a_section_takes_the_pages_below_it(self):
        me, section = person(), page("Section")
        choose(me, page("Below", parent=section))
        section.delete()
        assert not sources().exists()

    def test_of_a_person_takes_what_they_followed(self):
        me, _author, _it = self.follow_everything()
        me.delete()
        assert not Subscription.objects.exists()
        assert not SubscriptionChange.objects.exists()

    def test_behind_our_back_is_found_by_tidying(self):
        me, it, hr = person(), page("IT"), page("HR")
        choose(me, it)
        choose(me, hr)
        Source.objects.filter(key=str(it.translation_key)).update(key=str(uuid4()))
        assert tidy() == 1
        assert followed(me) == ["HR"]

    def test_of_a_hashtag_as_a_synonym_moves_who_follows_it(self):
        tagged("#news #nieuws")
        me, both, muted = person(), person(), person()
        choose(me, hashtag("nieuws"))
        choose(both, hashtag("nieuws"))
        choose(both, hashtag(), Level.MUTED)
        choose(muted, hashtag("nieuws"), Level.MUTED)
        rule(segment("Finance"), hashtag("nieuws"))
        synonym = hashtag("nieuws")
        synonym.synonym_of = hashtag()
        synonym.save()
        assert followed(me) == ["#news"]
        assert [level(one, hashtag()) for one in (me, both, muted)] == [Level.NORMAL, Level.MUTED, Level.MUTED]
        assert sources().count() == 1
        assert SubscriptionRule.objects.get().source.key == str(hashtag().pk)


class TestShortcuts:
    def test_stand_in_the_order_of_the_person(self):
        me = person()
        ids = []
        for title in "ABCD":
            choose(me, made := page(title))
            source = Source.objects.get(key=str(made.translation_key))
            add_shortcut(me.pk, source.pk)
            add_shortcut(me.pk, source.pk)
        viewer = lambda: Viewer.for_person(me)  # noqa: E731
        titles = lambda: "".join(shown.label for _pk, shown, *_ in shortcuts_of(viewer()))  # noqa: E731
        ids = {shown.label: pk for pk, shown, *_ in shortcuts_of(viewer())}
        assert titles() == "ABCD"
        move_shortcut(me.pk, ids["A"], -1)
        move_shortcut(me.pk, ids["D"], -1)
        assert titles() == "ABDC"
        order_shortcuts(me.pk, [ids["C"], ids["A"], ids["C"], 10**9])
        assert titles() == "CABD"
        choose(me, page_called("C"), Level.OFF)
        assert titles() == "ABD"

    def test_of_others_are_not_moved(self):
        me, other, it = person(), person(), page("IT")
        choose(other, it)
        add_shortcut(other.pk, Source.objects.get().pk)
        move_shortcut(me.pk, shortcuts_of(Viewer.for_person(other))[0][0], 1)
        assert shortcuts_of(Viewer.for_person(me)) == []

    def test_are_few(self):
        me = person()
        sources = [Source(kind="page", key=str(uuid4())) for _number in range(MOST_SHORTCUTS + 1)]
        Source.objects.bulk_create(sources)
        *few, last = Source.objects.values_list("pk", flat=True)
        for source in few:
            add_shortcut(me.pk, source)
        with pytest.raises(TooMany):
            add_shortcut(me.pk, last)


class TestKind:
    def test_without_a_label_is_refused(self):
        with pytest.raises(ValueError, match="needs a name"):
            register_kind(type("Nameless", (kinds()[0].__class__,), {"name": ""}))

    def test_with_a_name_that_is_taken_is_refused(self):
        with pytest.raises(ValueError, match="already"):
            register_kind(type("Again", (kinds()[0].__class__,), {}))

    @pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
    def test_keeps_the_contract(self, kind):
        """Shared by all kinds: what is offered can be found, and whoever does not exist finds nothing."""
        tagged("#news", parent=page("Section"), owner=person())
        viewer = Viewer.for_person(person())
        keys = kind.offered(viewer)[:10]
        assert isinstance(kind, SourceKind)
        assert keys
        assert len(kind.offered(viewer)) == len(keys)
        assert set(kind.found(keys, viewer)) == set(keys) == set(kind.labels(keys)) == kind.present(keys)
        assert len(kind.offered(viewer, "no such thing")) == 0
        assert kind.items(keys[0], viewer) is not None
        assert kind.found([], viewer) == {}


def page_called(title):
    return Page.objects.get(title=title)


def test_modes_and_what_is_given_are_the_same_numbers():
    assert (Mode.ON, Mode.MANDATORY) == (Given.ON, Given.MANDATORY)

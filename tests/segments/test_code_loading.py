"""Segments as code: what is dumped can be loaded, loading twice changes nothing, and what is wrong changes nothing."""

import json
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from wagtail.models import ModelLogEntry

from tests.builders import person, segment, user
from tests.intranet.models import Office, Unit
from wagtail_personalize.segments.code.form import SCHEMA, document, written
from wagtail_personalize.segments.code.loading import load
from wagtail_personalize.segments.code.planning import plan
from wagtail_personalize.segments.code.reading import LARGEST_FILE, CannotLoad, entries_in, read
from wagtail_personalize.segments.models import ManualMember, Persona, Segment, SegmentCategory
from wagtail_personalize.segments.usage import Usage, register_usage

pytestmark = pytest.mark.django_db

IT = {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["IT"]}]}
NOT_IT = {"none": [{"operator": "in_segment", "value": "it"}]}
HOME, RESTRICTED = Usage("Page", "Home"), Usage("Page", "Home", restricts=True)
SCHEMA_OF_FILES = Draft202012Validator(json.loads(SCHEMA.read_text()))


def entry(slug="it", rule=None, **more):
    return {"name": slug.upper(), "slug": slug, "rule": rule or IT, **more}


def told(*entries):
    return {"version": 1, "segments": list(entries)}


def loaded(*entries, **options):
    return load(entries_in(told(*entries)), **options)


def dumped(**options):
    return document(Segment.objects.select_related("category").order_by("slug"), **options)


def state():
    """All that loading could change, and what it writes beside it."""
    fields = ("pk", "uuid", "name", "slug", "description", "category__name", "rule", "live", "updated_at")
    return (
        list(Segment.objects.order_by("pk").values_list(*fields)),
        list(ManualMember.objects.order_by("pk").values_list("segment", "person", "always")),
        ModelLogEntry.objects.count(),
        SegmentCategory.objects.count(),
    )


def refused(*entries, **options):
    before = state()
    with pytest.raises(CannotLoad) as error:
        loaded(*entries, **options)
    assert state() == before
    return str(error.value)


def refused_file(content):
    before = state()
    with pytest.raises(CannotLoad) as error:
        read(BytesIO(content if isinstance(content, bytes) else content.encode()))
    assert state() == before
    return str(error.value)


class TestLoading:
    def test_makes_new_segments_with_their_members(self):
        tom = person(department="IT")
        loaded(entry(category="Roles", description="All of IT"))
        made = Segment.objects.get(slug="it")
        assert list(made.people()) == [tom]
        assert (made.category.name, made.description, made.live) == ("Roles", "All of IT", True)

    def test_finds_a_segment_by_its_short_name_and_leaves_what_the_file_does_not_say(self):
        old = segment("IT", description="Kept")
        loaded(entry(name="Information technology", live=False))
        old.refresh_from_db()
        assert (old.name, old.description, old.live) == ("Information technology", "Kept", False)

    def test_finds_a_segment_by_its_uuid_after_its_short_name_changed(self):
        old = segment("IT")
        loaded(entry("technology", uuid=str(old.uuid)))
        assert Segment.objects.get().slug == "technology"

    def test_keeps_the_uuid_of_the_file_for_a_new_segment(self):
        uuid = "0b9c1a52-2f0e-4b65-9f54-6f0f3ad6a7a1"
        loaded(entry(uuid=uuid))
        assert str(Segment.objects.get().uuid) == uuid

    def test_twice_changes_nothing(self):
        entries = [entry(category="Roles"), entry("others", NOT_IT), entry("draft", live=False)]
        loaded(*entries)
        before = state()
        planned = loaded(*entries)
        assert state() == before
        assert len(planned.unchanged) == 3

    def test_takes_segments_in_any_order(self):
        loaded(entry("others", NOT_IT), entry())
        assert Segment.objects.get(slug="others").broken == ""

    def test_may_turn_round_who_names_whom(self):
        loaded(entry(), entry("others", NOT_IT))
        loaded(entry("it", {"none": [{"operator": "in_segment", "value": "others"}]}), entry("others", IT))
        assert list(Segment.objects.values_list("broken", flat=True)) == ["", ""]

    def test_writes_one_entry_in_the_log_for_each_change(self):
        boss = user()
        loaded(entry(), entry("others", NOT_IT), user=boss)
        loaded(entry(rule={"all": [{"attribute": "level", "operator": "gte", "value": 3}]}), entry("others", NOT_IT))
        entries = list(ModelLogEntry.objects.order_by("pk"))
        assert [(e.label, e.action) for e in entries] == [
            ("IT", "wagtail.create"),
            ("OTHERS", "wagtail.create"),
            ("IT", "wagtail.edit"),
        ]
        assert entries[0].user == boss
        assert entries[2].data["before"] == "Department is IT"
        assert entries[2].data["after"] == "Level is at least 3"

    def test_replaces_the_version_that_an_editor_has_open(self):
        old = segment("IT")
        old.description = "A draft of somebody"
        old.save_revision(clean=False)
        loaded(entry(description="From the file"))
        old.refresh_from_db()
        assert old.get_latest_revision_as_object().description == "From the file"
        assert not old.has_unpublished_changes

    def test_deletes_only_when_told_to(self):
        segment("HR")
        assert [other.slug for other in loaded(entry()).others] == ["hr"]
        assert Segment.objects.count() == 2
        loaded(entry(), delete=True)
        assert Segment.objects.get().slug == "it"

    def test_reads_each_table_once_whatever_the_number_of_segments(self, django_assert_num_queries):
        rules = [{"all": [{"attribute": "level", "operator": "is", "value": number}]} for number in range(60)]
        entries = [entry(f"level-{number}", rule) for number, rule in enumerate(rules)]
        loaded(*entries)
        with django_assert_num_queries(5):
            loaded(*entries)


class TestCategories:
    @pytest.mark.parametrize("name", ["roles", "Rôles"])
    def test_that_are_written_otherwise_are_the_same(self, name):
        SegmentCategory.objects.create(name="Roles")
        loaded(entry(category=name))
        assert Segment.objects.get().category.name == "Roles"
        assert not any(step.does_something for step in loaded(entry(category=name)).steps)

    def test_that_the_database_takes_for_the_same_are_refused(self, monkeypatch):
        def collide(*args, **kwargs):
            raise IntegrityError

        monkeypatch.setattr(SegmentCategory, "save", collide)
        assert "already exists" in refused(entry(category="Roles"))


class TestStepsThatWouldBeInTheWayOfEachOther:
    """A dry run says what loading would say."""

    @pytest.fixture(autouse=True)
    def stored(self):
        loaded(entry("it"), entry("hr"), entry("not-it", NOT_IT))

    def same_refusal(self, *entries):
        with pytest.raises(CannotLoad) as planned:
            plan(entries_in(told(*entries)))
        assert str(planned.value) == refused(*entries)
        return str(planned.value)

    def test_renaming_what_is_named(self):
        uuid = str(Segment.objects.get(slug="it").uuid)
        rule = {"none": [{"operator": "in_segment", "value": "info"}]}
        assert "NOT-IT" in self.same_refusal(entry("info", uuid=uuid), entry("not-it", rule))

    def test_making_a_draft_of_what_is_named_so_far(self):
        found = self.same_refusal(entry("it", live=False), entry("not-it", {"none": [*IT["all"]]}))
        assert "cannot become a draft" in found

    def test_making_a_draft_of_what_pages_use(self):
        provider = register_usage(lambda segment: [HOME] if segment.slug == "hr" else [])
        try:
            assert "cannot become a draft" in self.same_refusal(entry("hr", live=False))
        finally:
            _forget(provider)

    def test_swapping_names(self):
        one, other = {**entry("it"), "name": "HR"}, {**entry("hr"), "name": "IT"}
        assert "Another segment has this name" in self.same_refusal(one, other)

    def test_is_none_where_the_name_is_gone_before(self):
        loaded(entry("not-it", {"none": [*IT["all"]]}), entry("zz", {"all": [*IT["all"]]}))
        assert loaded(entry("it", live=False)).changed


class TestPeople:
    def test_are_not_dumped_unless_asked_for(self):
        segment("IT").always_include([person(staff_number="4711")])
        assert "4711" not in written(dumped())

    def test_are_named_by_staff_number_or_else_by_login_name(self):
        kim, lee = person(staff_number="4711"), person("lee")
        it = segment("IT")
        it.always_include([kim])
        it.always_exclude([lee])
        (only,) = dumped(people=True)["segments"]
        assert (only["always_include"], only["always_exclude"]) == (["4711"], ["lee"])

    def test_are_set_when_the_file_says_who(self):
        kim, lee = person("kim", staff_number="4711"), person("lee")
        segment("IT").always_include([lee])
        loaded(entry(name="IT", always_include=["kim"], always_exclude=["lee"]))
        assert set(ManualMember.objects.values_list("person", "always")) == {(kim.pk, "include"), (lee.pk, "exclude")}
        before = state()
        loaded(entry(name="IT", always_include=["4711"], always_exclude=["lee"]))
        assert state() == before

    def test_stay_as_they_are_when_the_file_does_not_say(self):
        segment("IT").always_include([person()])
        loaded(entry(description="New"))
        assert ManualMember.objects.count() == 1

    def test_must_exist(self):
        assert "segments[0] (“it”).always_include: Nobody has" in refused(entry(always_include=["nobody"]))


class TestWrongFiles:
    """Each is refused with a sentence, and nothing has changed."""

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            ("", "not JSON: line 1, column 1"),
            ("{", "not JSON: line 1"),
            ("[" * 100_000, "too deeply"),
            (b"\xff\xfe", "not UTF-8"),
            ("[]", '"segments"'),
            ('{"version": 2, "segments": []}', "version 2"),
            ('{"version": true, "segments": []}', "version"),
            ('{"version": 1, "segments": [], "more": 1}', "unknown parts: more"),
            ('{"version": 1, "version": 1, "segments": []}', "stands twice"),
            ('{"version": 1, "segments": [NaN]}', "not JSON"),
            ('{"version": 1, "segments": [7]}', "segments[0]: A segment must be an object"),
            (b'{"version": 1, "segments": [\x00]}', "not JSON"),
            (" " * (LARGEST_FILE + 1), "larger than 10 MB"),
            (json.dumps(told(*[{}] * 5001)), "more than 5000"),
        ],
    )
    def test_as_a_whole(self, content, says):
        assert says in refused_file(content)

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"name": ""}, "name: A value is missing"),
            ({"name": 7}, "name: The value must be text"),
            ({"name": "x" * 151}, "name: The text is too long"),
            ({"name": "a\0b"}, "name: The text contains characters"),
            ({"slug": "a b"}, "slug: A short name has letters"),
            ({"uuid": "abc"}, "uuid: This is no UUID"),
            ({"live": 1}, "live: The value must be yes or no"),
            ({"category": []}, "category: The value must be text"),
            ({"rule": []}, "rule: A rule must be an object"),
            ({"always_include": "kim"}, "always_include: The value must be a list"),
            ({"size": 3}, "unknown parts: size"),
        ],
    )
    def test_in_one_segment(self, more, says):
        assert says in refused(entry() | more)

    @pytest.mark.parametrize("missing", ["name", "slug", "rule"])
    def test_without_something_needed(self, missing):
        incomplete = entry()
        del incomplete[missing]
        assert f"There is no {missing}" in refused(incomplete)

    def test_with_the_same_short_name_twice(self):
        assert "segments[1] (“it”): segments[0] has the same slug" in refused(entry(), entry(name="Other"))

    def test_that_name_an_unknown_attribute_say_where(self):
        wrong = {"all": [IT["all"][0], {"any": [{"attribute": "shoe", "operator": "is", "value": "44"}]}]}
        assert "segments[0] (“it”).rule.all[1].any[0]: There is no attribute “shoe”" in refused(entry(rule=wrong))

    def test_that_name_unknown_objects_or_segments(self):
        nowhere = {"all": [{"attribute": "office", "operator": "is", "value": "MUC"}]}
        assert "“MUC”" in refused(entry(rule=nowhere))
        assert "“it”, which does not exist" in refused(entry("others", NOT_IT))

    def test_that_go_round_in_a_circle(self):
        other = {"all": [{"operator": "in_segment", "value": "others"}]}
        assert "name each other in a circle" in refused(entry(rule=other), entry("others", NOT_IT))

    def test_that_would_break_a_segment_beside_them(self):
        segment("IT")
        segment("others", NOT_IT)
        assert "“others”, which is not in the file, would break" in refused(entry(live=False))

    def test_that_take_the_name_of_another_segment(self):
        segment("IT", {"all": [{"attribute": "level", "operator": "is_set"}]})
        assert "Another segment has “IT” already" in refused(entry("technology", name="IT"))

    def test_that_mean_one_segment_twice(self):
        old = segment("IT")
        assert "means the same segment" in refused(entry(), entry("other", uuid=str(old.uuid)))

    def test_with_one_fault_change_nothing_of_the_rest(self):
        wrong = {"all": [{"attribute": "shoe", "operator": "is", "value": "44"}]}
        refused(entry(category="New"), entry("shoes", wrong))

    def test_that_would_delete_what_is_used(self):
        used = segment("IT")
        provider = register_usage(lambda one: [HOME] if one == used else [])
        try:
            assert "in use" in refused(entry("hr"), delete=True)
        finally:
            _forget(provider)

    def test_that_would_make_a_restriction_depend_on_what_people_say(self):
        held = segment("IT")
        provider = register_usage(lambda one: [RESTRICTED] if one == held else [])
        own = {"all": [{"attribute": "motto", "operator": "is", "value": "Go"}]}
        try:
            assert "depend on what people say" in refused(entry(rule=own))
        finally:
            _forget(provider)


class TestDryRun:
    def run(self, tmp_path, *entries, **options):
        path, out = tmp_path / "segments.json", StringIO()
        path.write_text(json.dumps(told(*entries)))
        call_command("load_segments", path, stdout=out, **options)
        return out.getvalue()

    def test_prints_the_difference_and_changes_nothing(self, tmp_path):
        for level in (1, 2, 3):
            person(department="IT", level=level)
        segment("IT")
        segment("HR")
        segment("Same")
        before = state()
        high = {"all": [{"attribute": "level", "operator": "gte", "value": 2}]}
        same = entry("same", Segment.objects.get(slug="same").rule, name="Same")
        said = self.run(tmp_path, entry(rule=high, name="IT"), entry("others", NOT_IT), same, dry_run=True)
        assert state() == before
        assert said.splitlines() == [
            "New: OTHERS (others)",
            "    rule: Not: is in segment “IT”",
            "    size: 1",
            "Changed: IT (it)",
            "    rule: Department is IT → Level is at least 2",
            "    size: 3 → 2",
            "Unchanged: Same (same)",
            "Not in the file: HR (hr)",
            "1 new, 1 changed, 1 unchanged, 1 not in the file.",
        ]

    def test_counts_named_people(self, tmp_path):
        person(department="IT", staff_number="1")
        person(department="HR", staff_number="2")
        said = self.run(tmp_path, entry(always_include=["2"], always_exclude=["1"]), dry_run=True)
        assert "size: 1" in said

    def test_is_what_a_real_run_does(self, tmp_path):
        assert "1 new" in self.run(tmp_path, entry())
        assert "1 unchanged" in self.run(tmp_path, entry(), dry_run=True)


class TestDryRunOfWhatIsRefused:
    """Whatever a real run would refuse, the dry run refuses with the same words and code, and changes nothing."""

    OWN = {"all": [{"attribute": "motto", "operator": "is", "value": "Go"}]}

    def said(self, tmp_path, *entries, **options):
        """The error of the command and its exit code."""
        path = tmp_path / "segments.json"
        path.write_text(json.dumps(told(*entries)))
        with pytest.raises(CommandError) as error:
            call_command("load_segments", path, stdout=StringIO(), **options)
        return str(error.value), error.value.returncode

    def assert_foreseen(self, tmp_path, words, *entries, **options):
        before = state()
        foreseen = self.said(tmp_path, *entries, dry_run=True, **options)
        assert state() == before
        assert foreseen == self.said(tmp_path, *entries, **options)
        assert words in foreseen[0]
        assert state() == before

    @pytest.fixture
    def page(self):
        """Uses the segment whose short name it is given."""
        used = {}
        provider = register_usage(lambda one: [used[one.slug]] if one.slug in used else [])
        yield used
        _forget(provider)

    def test_foresees_a_restriction_that_would_depend_on_what_people_say(self, tmp_path, page):
        segment("IT")
        page["it"] = RESTRICTED
        self.assert_foreseen(tmp_path, "depend on what people say", entry(rule=self.OWN))

    def test_foresees_it_for_a_segment_that_names_another_one(self, tmp_path, page):
        segment("IT")
        segment("Others", NOT_IT)
        page["others"] = RESTRICTED
        self.assert_foreseen(tmp_path, "“Others” would depend on what people say", entry(rule=self.OWN))

    def test_foresees_the_deletion_of_what_is_used(self, tmp_path, page):
        segment("IT")
        page["it"] = HOME
        self.assert_foreseen(tmp_path, "“IT” is in use and cannot be deleted", entry("hr"), delete=True)

    def test_foresees_the_deletion_of_what_a_persona_describes(self, tmp_path):
        Persona.objects.create(name="Ada", segment=segment("IT"))
        self.assert_foreseen(tmp_path, "Persona: Ada", entry("hr"), delete=True)

    def test_foresees_the_deletion_of_what_an_open_draft_names(self, tmp_path):
        segment("IT")
        other = segment("HR")
        draft = other.get_latest_revision_as_object() if other.latest_revision else other
        draft.rule = {"all": [{"operator": "in_segment", "value": "it"}]}
        draft.save_revision()
        stored = Segment.objects.get(slug="hr").rule
        self.assert_foreseen(tmp_path, "Segment: HR", entry("hr", stored, name="HR"), delete=True)

    @pytest.mark.parametrize(
        ("words", "rule"),
        [
            ("in a circle", {"all": [{"operator": "in_segment", "value": "it"}]}),
            ("no attribute", {"all": [{"attribute": "shoe", "operator": "is", "value": "1"}]}),
            ("no segment", {"all": [{"operator": "in_segment", "value": "nowhere"}]}),
        ],
    )
    def test_foresees_what_means_nothing(self, tmp_path, words, rule):
        before = state()
        foreseen = self.said(tmp_path, entry(rule=rule), dry_run=True)
        assert foreseen == self.said(tmp_path, entry(rule=rule))
        assert state() == before
        assert foreseen[0]

    def test_still_prints_the_difference_first(self, tmp_path, page):
        segment("IT")
        page["it"] = RESTRICTED
        path, out = tmp_path / "segments.json", StringIO()
        path.write_text(json.dumps(told(entry(rule=self.OWN))))
        with pytest.raises(CommandError):
            call_command("load_segments", path, stdout=out, dry_run=True)
        assert "rule: Department is IT → Motto is “Go”" in out.getvalue()


class TestCommands:
    def test_dump_and_load_by_file(self, tmp_path):
        segment("IT")
        path = tmp_path / "segments.json"
        call_command("dump_segments", path, stdout=StringIO())
        before = dumped()
        Segment.objects.all().delete()
        call_command("load_segments", path, stdout=StringIO())
        assert dumped() == before

    def test_dump_to_the_standard_output(self):
        segment("IT")
        segment("HR")
        out = StringIO()
        call_command("dump_segments", segment=["it"], stdout=out)
        assert [one["slug"] for one in json.loads(out.getvalue())["segments"]] == ["it"]

    def test_say_what_is_wrong_with_the_file(self, tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("load_segments", tmp_path / "missing.json")
        with pytest.raises(CommandError, match="short name: nope"):
            call_command("dump_segments", segment=["nope"])


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20).filter(str.strip)
values = st.sampled_from(["IT", "Zürich", "ŁÓDŹ", "O'Neill", "100%"])
conditions = st.one_of(
    st.builds(lambda value: {"attribute": "department", "operator": "is", "value": value}, values),
    st.builds(lambda value: {"attribute": "level", "operator": "gte", "value": value}, st.integers(-5, 5)),
    st.builds(
        lambda value, unit: {"attribute": "hired", "operator": "in_the_last", "value": value, "unit": unit},
        st.integers(0, 50),
        st.sampled_from(["days", "months"]),
    ),
    st.builds(lambda value: {"attribute": "unit", "operator": "is_under", "value": value}, st.just(["it"])),
    st.just({"attribute": "office", "operator": "is_one_of", "value": ["MUC"]}),
    st.just({"attribute": "remote", "operator": "is", "value": True}),
    st.just({"attribute": "job_title", "operator": "is_empty"}),
    st.just({"operator": "reports_to", "value": "boss", "depth": "direct"}),
)
rules = st.recursive(
    st.lists(conditions, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
    lambda inner: st.tuples(st.sampled_from(["all", "any", "none"]), st.lists(inner, min_size=1, max_size=2)).map(
        lambda pair: {pair[0]: pair[1]}
    ),
    max_leaves=4,
)
segments = st.lists(
    st.tuples(rules, texts, st.booleans(), st.sampled_from([None, "Roles", "Städte"])), min_size=1, max_size=4
)


class TestRoundTrip:
    @given(segments)
    @settings(max_examples=25, deadline=None)
    def test_keeps_everything_and_fits_the_schema(self, drawn):
        """Segments as drawn, each but the first also naming the one before it if that is live."""
        self.prepare()
        for number, (rule, description, live, category) in enumerate(drawn):
            if number and drawn[number - 1][2]:
                rule = {"any": [rule, {"operator": "not_in_segment", "value": f"s{number - 1}"}]}
            drawer = category and SegmentCategory.objects.get_or_create(name=category)[0]
            fields = {"description": description, "live": live, "category": drawer}
            Segment.objects.create(name=f"S {number}", slug=f"s{number}", rule=rule, **fields)
        before = json.loads(written(dumped(people=True)))
        SCHEMA_OF_FILES.validate(before)
        Segment.objects.all().delete()
        load(read(BytesIO(written(before).encode())))
        assert dumped(people=True) == before
        known = state()
        load(read(BytesIO(written(before).encode())))
        assert state() == known

    def prepare(self):
        Segment.objects.all().delete()
        Unit.objects.get_or_create(code="it", name="IT")
        Office.objects.get_or_create(code="MUC", city="München")
        from django.contrib.auth import get_user_model

        if not get_user_model().objects.filter(username="boss").exists():
            person("boss")


class TestSchema:
    def test_is_a_schema(self):
        Draft202012Validator.check_schema(SCHEMA_OF_FILES.schema)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"segments": []},
            told({"name": "IT", "slug": "it"}),
            told(entry() | {"rule": {"all": []}}),
            told(entry() | {"rule": {"all": [{}], "any": [{}]}}),
            told(entry() | {"live": "yes"}),
        ],
    )
    def test_refuses_what_loading_refuses(self, wrong):
        assert not SCHEMA_OF_FILES.is_valid(wrong)


def _forget(provider):
    from wagtail_personalize.segments import usage

    usage._providers.remove(provider)

"""What counts as a person in an LDIF file (RFC 2849)."""

import base64

import pytest

from tests.people.hr_files import bring_in, counts, hr_file, mapping, staff
from wagtail_personalize.people.importing.sources.contract import ImportRefused, Unreadable
from wagtail_personalize.people.importing.sources.ldif_source import LdifSource

PICTURE = base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20).decode()


def source(tmp_path, text):
    return LdifSource(hr_file(tmp_path, text, "people.ldif"))


def lines(tmp_path, text):
    """The cells of each entry without its dn, or the number and reason of one that is broken."""
    return [
        (line.number, line.reason)
        if isinstance(line, Unreadable)
        else {name: text for name, text in line.cells.items() if name != "dn"}
        for line in source(tmp_path, text).lines()
    ]


def folded(text, width=40):
    return "\n ".join(text[at : at + width] for at in range(0, len(text), width))


class TestEntry:
    def test_is_read_as_the_standard_writes_it(self, tmp_path):
        text = (
            "version: 1\n# A comment that\n  goes on\n\n\ndn: cn=Anna,\n dc=example\nCN: Anna\n Maria\n"
            f"sn:: {base64.b64encode('Müller'.encode()).decode()}\nmail:anna@x.de\ntel:\n# in between\nl:   Ulm\n"
        )
        assert lines(tmp_path, text) == [
            {"CN": "AnnaMaria", "sn": "Müller", "mail": "anna@x.de", "tel": "", "l": "Ulm"}
        ]
        assert next(source(tmp_path, text).lines()).cells["dn"] == "cn=Anna,dc=example"
        assert next(source(tmp_path, text).lines()).number == 6

    def test_ends_with_an_empty_line_or_the_file(self, tmp_path):
        assert lines(tmp_path, "dn: a\r\nno: 1\r\n\r\n\r\ndn: b\r\nno: 2") == [{"no": "1"}, {"no": "2"}]

    def test_has_several_values_when_a_name_occurs_again_in_any_case(self, tmp_path):
        text = "dn: a\nno: 1\nou: IT\nOU: Legal\nou;lang-de: Recht\n"
        assert lines(tmp_path, text) == [{"no": "1", "ou": "IT\ufdd1Legal", "ou;lang-de": "Recht"}]

    def test_that_is_added_is_a_person(self, tmp_path):
        assert lines(tmp_path, "dn: a\ncontrol: 1.2.3 true\nchangetype: add\nno: 1\n") == [{"no": "1"}]

    @pytest.mark.parametrize(
        ("entry", "reason"),
        [
            (
                "dn: b\nchangetype: modify\nreplace: no\nno: 2\n-\n",
                "The entry says “changetype: modify”. Changes of a directory cannot be imported, only entries.",
            ),
            (
                "dn: b\nchangetype: delete\n",
                "The entry says “changetype: delete”. Changes of a directory cannot be imported, only entries.",
            ),
            ("no: 2\n", "An entry begins with “dn:”."),
            ("search: 2\nresult: 0 Success\n", "An entry begins with “dn:”."),
            ("dn: b\nno 2\n", "“no 2” is no line of an LDIF file."),
            ("dn: b\nno:: 2\n", "The value of “no” is no valid base64."),
            ("dn: b\nno:< file:///etc/passwd\n", "The value of “no” stands elsewhere; such values are not fetched."),
            ("dn: b\nno:: AAA=\n", "The value of “no” is no text."),
            ("dn: b\nno:: /w==\n", "The value of “no” is no text."),
        ],
    )
    def test_that_is_no_person_is_rejected(self, tmp_path, entry, reason):
        text = f"dn: a\nno: 1\n\n{entry}\ndn: c\nno: 3\n"
        assert lines(tmp_path, text) == [{"no": "1"}, (4, reason), {"no": "3"}]

    def test_may_have_a_picture_which_is_left_out(self, tmp_path):
        large = PICTURE * 30
        text = f"dn: a\nno: 1\njpegPhoto:: {folded(PICTURE)}\n\ndn: b\nno: 2\njpegPhoto:: {folded(large)}\n"
        assert lines(tmp_path, text) == [{"no": "1"}, {"no": "2"}]
        assert source(tmp_path, text).columns == ["dn", "no"]
        assert "Left out, because it is no text: jpegPhoto" in source(tmp_path, text).statements()

    def test_does_not_go_on_for_ever(self, tmp_path):
        endless = "dn: a\nno: 1\nx: y\n" + " z\n" * 100_000
        too_long, second = lines(tmp_path, endless + "\ndn: b\nno: 2\n")
        assert (too_long, second["no"]) == ((1, "The line is longer than 64 KiB."), "2")


class TestFile:
    def test_without_entries_is_refused(self, tmp_path):
        with pytest.raises(ImportRefused, match="holds no LDIF entries: “no;first”"):
            source(tmp_path, "no;first\n1;Ada\n").columns

    def test_is_never_a_reason_to_read_another_one(self, tmp_path):
        secret = hr_file(tmp_path, "secret", "secret.txt")
        found = lines(tmp_path, f"dn: a\nno: 1\n\ndn: b\nno:< file://{secret}\n")
        assert "secret" not in str(found).replace("secret.txt", "")


@pytest.mark.django_db
class TestImport:
    def test_fills_many_values_from_repeated_lines(self, tmp_path):
        rules = mapping(
            match="employeeNumber",
            login_name="{uid}",
            columns={
                "givenName": "user.first_name",
                "skill": {"to": "skills", "create": True, "only_new": True},
            },
        )
        text = "dn: uid=ada\nemployeeNumber: 7\nuid: ada\ngivenName: Ada\nskill: Chess\nskill: Go\n"
        path = hr_file(tmp_path, text, "people.ldif")
        assert counts(bring_in(path, rules)) == {"new": 1}
        assert staff("7").user.get_username() == "ada"
        assert set(staff("7").skills.values_list("name", flat=True)) == {"Chess", "Go"}
        assert counts(bring_in(path, rules)) == {"unchanged": 1}


def directory(*entries):
    """A directory of people: (uid, dn of the manager) each, whose staff numbers count from 1."""
    people = (
        f"dn: uid={uid},ou=People,dc=x\nno: {number}\nfirst: {uid}\nmanager: {manager}\n"
        for number, (uid, manager) in enumerate(entries, 1)
    )
    return "\n".join(people)


@pytest.mark.django_db
class TestManagers:
    RULE = {"column": "manager", "by": "dn"}

    def bring(self, tmp_path, text, **rule):
        return bring_in(hr_file(tmp_path, text, "people.ldif"), mapping(manager={**self.RULE, **rule}))

    def test_are_found_by_their_dn_before_and_behind_their_people(self, tmp_path):
        ada = "UID=ada, ou=people , dc=x"
        text = directory(("bob", ada), ("ada", ""), ("cem", ada), ("dag", "uid=bob,ou=People,dc=x"))
        assert counts(self.bring(tmp_path, text)) == {"new": 4}
        assert [staff(n).manager and staff(n).manager.staff_number for n in "1234"] == ["2", None, "2", "1"]
        assert counts(self.bring(tmp_path, text)) == {"unchanged": 4}

    def test_whom_the_file_does_not_hold_reject_the_line_or_are_left_empty(self, tmp_path):
        text = directory(("ada", "uid=gone,dc=x"))
        assert counts(self.bring(tmp_path, text)) == {"rejected": 1}
        assert counts(self.bring(tmp_path, text, unknown="empty")) == {"new": 1}

    def test_are_nobody_when_two_are_called_so(self, tmp_path):
        text = directory(("ada", ""), ("ada", ""), ("bob", "uid=ada,ou=People,dc=x"))
        result = self.bring(tmp_path, text)
        assert counts(result) == {"new": 2, "rejected": 1}
        assert "Several people in the file" in result.error_file.read_text("utf-8-sig")

    def test_whose_own_entry_is_rejected_leave_their_people_alone(self, tmp_path):
        text = directory(("ada", ""), ("bob", "uid=ada,ou=People,dc=x"))
        self.bring(tmp_path, text)
        bad = text.replace("first: ada", "first: ada\nhired: someday") + "hired: 2020-01-31\n"
        assert counts(self.bring(tmp_path, bad)) == {"changed": 1, "rejected": 1}
        assert staff("2").manager.staff_number == "1"

    def test_need_the_column_that_names_them(self, tmp_path):
        with pytest.raises(ImportRefused, match="names: entry"):
            self.bring(tmp_path, directory(("ada", "")), by="entry")

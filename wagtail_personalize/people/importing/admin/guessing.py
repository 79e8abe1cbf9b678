"""A first guess of what the columns mean, from their names alone."""

from typing import Any

from wagtail_personalize.people.declaration import ProfileDeclaration
from wagtail_personalize.people.folding import fold

from .places import LEAVE_DATE, MANAGER, STAFF_NUMBER, Place, places

#: How HR systems call what every site has, in the languages of this package.
KNOWN = {
    STAFF_NUMBER: "staff number, staff no, staff id, employee number, employee no, employee id, emp no, emp id, "
    "personnel number, personnel no, payroll number, personalnummer, personal nr, mitarbeiternummer, "
    "personeelsnummer, personeelsnr, medewerkernummer",
    MANAGER: "manager, manager no, manager number, manager id, manager staff number, manager staff no, manager emp no, "
    "line manager, supervisor, reports to, vorgesetzter, vorgesetzte, führungskraft, leidinggevende",
    LEAVE_DATE: "left on, left, leave date, leaving date, date of leaving, exit date, termination date, end date, "
    "austritt, austrittsdatum, uit dienst, datum uit dienst, uitdienstdatum",
    "first_name": "first name, given name, forename, vorname, voornaam",
    "last_name": "last name, surname, sn, family name, nachname, familienname, achternaam",
    "email": "e-mail, mail, e-mail address, mail address, e-mail-adresse, e-mailadres",
}

#: The column by which a directory names people, managers too.
DIRECTORY_NAME = "dn"


def guess(columns: list[str], declaration: ProfileDeclaration) -> dict[str, Any]:
    """A mapping for these columns, each place taken once; ``match`` is empty when no column looks like it."""
    said: dict[str, Any] = {"match": "", "columns": {}}
    by_word = _by_word(declaration)
    taken: set[str] = set()
    for column in columns:
        place = by_word.get(_word(column))
        if place is None or place.value in taken:
            continue
        taken.add(place.value)
        if place.value == STAFF_NUMBER:
            said["match"] = column
        elif place.value in (MANAGER, LEAVE_DATE):
            said[place.value.removeprefix("@")] = {"column": column}
        else:
            said["columns"][column] = place.value
    if "manager" in said and DIRECTORY_NAME in columns:
        said["manager"]["by"] = DIRECTORY_NAME
    return said


def _by_word(declaration: ProfileDeclaration) -> dict[str, Place]:
    """Folded word → place. What people write themselves is never guessed."""
    found: dict[str, Place] = {}
    staff_number = declaration.profile_model._meta.get_field(declaration.staff_number)
    for place in places(declaration):
        attribute = getattr(place.target, "attribute", None)
        if attribute and attribute.source == "self":
            continue
        known = KNOWN.get(place.target.field.name if place.target else place.value, "").split(", ")
        own = (staff_number.name, str(staff_number.verbose_name)) if place.value == STAFF_NUMBER else place.names
        for word in filter(None, map(_word, [*own, *known])):
            found.setdefault(word, place)
    return found


def _word(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalnum())

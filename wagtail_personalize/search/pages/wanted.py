"""What an address asks for: the question, the facets chosen and the part of the result; anything else is ignored."""

from dataclasses import dataclass, field

from django.http import HttpRequest, QueryDict

from ..finding.facets import Facet, Facets
from ..finding.questions import Question

PER_PAGE = 10


@dataclass(frozen=True)
class Wanted:
    question: Question
    chosen: dict[str, str] = field(default_factory=dict)
    page: int = 1

    @classmethod
    def read(cls, request: HttpRequest) -> "Wanted":
        """From the query string; a value that does not exist narrows to nothing, as it would anywhere."""
        given = request.GET
        chosen = {name: given[name][:64] for name in Facets.LABELS if given.get(name)}
        number = given.get("page", "")
        page = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1
        return cls(Question.read(given.get("q", "")), chosen, max(1, page))

    @property
    def start(self) -> int:
        return (self.page - 1) * PER_PAGE

    def url(self, **changes: str) -> str:
        """The query string with some parameters changed; an empty one goes. Without ``page`` it begins at the first."""
        query = QueryDict(mutable=True)
        parameters = {"q": self.question.typed, **self.chosen, **changes}
        query.update({name: value for name, value in parameters.items() if value})
        return f"?{query.urlencode()}"

    def links(self, facets: list[Facet]) -> list[tuple[Facet, list[tuple[str, object]]]]:
        """For each facet its values with their addresses: one that is chosen leads away from it."""
        return [
            (facet, [(self.url(**{facet.name: "" if value.is_chosen else value.key}), value) for value in facet.values])
            for facet in facets
        ]

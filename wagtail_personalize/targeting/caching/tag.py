"""``{% personalized_cache 600 "news" page.section %} … {% endpersonalized_cache %}``."""

from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token

from .fragments import fragment
from .scopes import prints


@prints
class PersonalizedCacheNode(template.Node):
    """What is inside, rendered or kept. Variables that are set inside end with it, as they do when it was kept."""

    child_nodelists = ("inside",)

    def __init__(self, inside: template.NodeList, seconds: FilterExpression, name: str, vary: list[Any]) -> None:
        self.inside, self.seconds, self.name, self.vary = inside, seconds, name, vary

    def render(self, context: template.Context) -> str:
        vary = [each.resolve(context) for each in self.vary]
        return fragment(context.get("request"), self._seconds(context), self.name, vary, lambda: self._inside(context))

    def _inside(self, context: template.Context) -> str:
        with context.push():
            return self.inside.render(context)

    def _seconds(self, context: template.Context) -> float:
        given = self.seconds.resolve(context)
        try:
            return float(given)
        except (TypeError, ValueError) as error:
            raise template.TemplateSyntaxError(
                f"personalized_cache needs a number of seconds; {given!r} is none."
            ) from error


def personalized_cache(parser: Parser, token: Token) -> PersonalizedCacheNode:
    """Keep what is inside for so many seconds, for all viewers who would get the same."""
    inside = parser.parse(("endpersonalized_cache",))
    parser.delete_first_token()
    tag, *arguments = token.split_contents()
    if len(arguments) < 2:
        raise template.TemplateSyntaxError(f"{{% {tag} %}} needs a number of seconds and a name.")
    seconds, name, *vary = arguments
    return PersonalizedCacheNode(
        inside, parser.compile_filter(seconds), name.strip("\"'"), [parser.compile_filter(each) for each in vary]
    )

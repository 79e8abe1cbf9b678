"""What every engine asks of a facet before it counts."""

from modelsearch.backends.base import BaseSearchQueryCompiler, FilterFieldError
from modelsearch.index import FilterField


def facet_field(compiler: BaseSearchQueryCompiler, name: str) -> FilterField:
    """The field of a facet; ``FilterFieldError`` where the searched model has no such ``FilterField``."""
    field = compiler._get_filterable_field(name)
    if field is None:
        raise FilterFieldError(
            f'Cannot facet search results with field "{name}". Please add index.FilterField("{name}") '
            f"to {compiler.queryset.model.__name__}.search_fields.",
            field_name=name,
        )
    return field

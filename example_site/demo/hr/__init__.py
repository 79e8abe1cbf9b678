"""What comes from the HR system of the demonstration: a file of changes, and what its columns mean."""

from pathlib import Path

from wagtail_personalize.people.importing.mapping.definition import load_mapping
from wagtail_personalize.people.importing.mapping.writing import as_dict
from wagtail_personalize.people.models import ImportMapping

FOLDER = Path(__file__).parent
NAME = "Tarnwell HR system"


def load_mappings() -> None:
    """The mapping that the import in the admin can begin with."""
    mapping = as_dict(load_mapping(FOLDER / "mapping.toml"))
    ImportMapping.objects.get_or_create(name=NAME, defaults={"mapping": mapping})

"""Puts the drawings of ``pictures`` into Wagtail's image library."""

from io import BytesIO

from django.core.files.images import ImageFile
from wagtail.images import get_image_model

from .pictures import SCENES, draw


def load_illustrations() -> None:
    """One image for each scene that is not there yet; its title is the name of the scene."""
    Image = get_image_model()
    known = set(Image.objects.values_list("title", flat=True))
    for name in sorted(SCENES.keys() - known):
        content = draw(name).encode()
        Image.objects.create(title=name, file=ImageFile(BytesIO(content), name=f"{name}.svg"), file_size=len(content))

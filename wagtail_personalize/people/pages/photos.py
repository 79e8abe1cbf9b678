"""Photos that people upload themselves: kept together in one collection, and gone when they are replaced."""

from typing import Any

from django.db.models import Model
from wagtail.images import get_image_model
from wagtail.models import Collection

from ..names import person_name

#: Editors give permissions for this collection as for any other.
COLLECTION = "Profile photos"


def new_photo(upload: Any, user: Any) -> Model:
    """A stored image of this upload."""
    return get_image_model().objects.create(
        title=person_name(user)[:255], file=upload, uploaded_by_user=user, collection=_collection()
    )


def discard(photo: Model | None, user: Any) -> None:
    """Delete a photo that this person once uploaded here and that is used nowhere else."""
    own = photo and photo.collection.name == COLLECTION and photo.uploaded_by_user_id == user.pk
    if own and not photo.get_usage().count():
        photo.delete()


def _collection() -> Collection:
    found = Collection.objects.filter(name=COLLECTION).first()
    return found or Collection.get_first_root_node().add_child(name=COLLECTION)

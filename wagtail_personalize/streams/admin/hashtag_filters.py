"""The filters of the list of hashtags."""

from wagtail.admin.filters import WagtailFilterSet

from ..models import Hashtag


class HashtagFilterSet(WagtailFilterSet):
    class Meta:
        model = Hashtag
        fields = ["reviewed", "blocked"]

"""What a site may ask of, and do to, many segments at once; every change keeps the memberships right."""

from collections.abc import Iterable
from typing import Any

from django.db import models


class SegmentQuerySet(models.QuerySet):
    """``Segment.objects``."""

    def usable(self) -> "SegmentQuerySet":
        """Segments whose rule means something."""
        return self.filter(broken="")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete these segments; ``SegmentInUse`` when one of them is used elsewhere."""
        from .saving import delete_segments

        return delete_segments(list(self), super().delete)

    delete.alters_data = True
    delete.queryset_only = True

    def update(self, **values: Any) -> int:
        """Like any update; what the rules or short names make of it is worked out for all segments.

        Refuses what saving each of them would refuse.
        """
        from .saving import update_segments

        return update_segments(self, values, lambda: super(SegmentQuerySet, self).update(**values))

    update.alters_data = True

    def bulk_create(self, segments: Iterable, *args: Any, **kwargs: Any) -> list:
        from .saving import create_segments

        return create_segments(
            list(segments), lambda new: super(SegmentQuerySet, self).bulk_create(new, *args, **kwargs)
        )

    bulk_create.alters_data = True


class ManualMemberQuerySet(models.QuerySet):
    """``ManualMember.objects``."""

    def delete(self) -> tuple[int, dict[str, int]]:
        from .manual import changing_lists

        with changing_lists(list(self)):
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def bulk_create(self, rows: Iterable, *args: Any, **kwargs: Any) -> list:
        from .manual import changing_lists

        rows = list(rows)
        with changing_lists(rows):
            return super().bulk_create(rows, *args, **kwargs)

    bulk_create.alters_data = True

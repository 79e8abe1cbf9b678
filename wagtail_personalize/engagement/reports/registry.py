"""All reports, in the order in which they are offered."""

from functools import cache

from .report import Report


@cache
def all_reports() -> tuple[Report, ...]:
    """Imported when first asked for: reports read other rooms."""
    from .channels import ByChannel
    from .comparing import Compare
    from .groups import BySegment
    from .health import Health
    from .hours import Hours
    from .looks import Looks
    from .mailings import Mailings
    from .most_read import MostRead
    from .over_time import OverTime
    from .overview import Overview
    from .remarks import Remarks
    from .searches import Searches
    from .topics import ByAuthor, ByFormat, ByHashtag, BySection

    kinds = (Overview, MostRead, BySegment, OverTime, BySection, ByHashtag, ByFormat, ByAuthor)
    return tuple(kind() for kind in (*kinds, ByChannel, Searches, Hours, Remarks, Mailings, Compare, Health, Looks))


def offered() -> list[Report]:
    """Those that the rules of this site allow."""
    return [report for report in all_reports() if report.is_offered()]


def report_called(name: str) -> Report | None:
    return next((report for report in offered() if report.name == name), None)

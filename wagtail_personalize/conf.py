"""Every setting of the package: its type, its default and one sentence.

A site writes one dictionary, ``WAGTAIL_PERSONALIZE``; all keys are optional but ``PROFILE``. The reference in
the docs is held against this class by a test.
"""

from dataclasses import dataclass, field, fields
from typing import Any, Literal

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed


@dataclass(frozen=True)
class PersonalizeSettings:
    """The values of ``settings.WAGTAIL_PERSONALIZE``, read once."""

    #: Dotted path of the site's profile declaration, for example ``"intranet.people.StaffProfile"``.
    PROFILE: str = ""
    #: What an anonymous visitor gets for restricted and missing pages alike: ``"login"`` redirects, ``"404"`` hides.
    ANONYMOUS: Literal["login", "404"] = "login"
    #: Alias of a cache shared by all processes that may save the one query per request; ``None`` switches it off.
    SHARED_CACHE: str | None = None
    #: Alias of a cache for personalised pages and fragments; ``None``: they are rendered for each request.
    CONTENT_CACHE: str | None = None
    #: For how many seconds a personalised page is kept at most.
    CONTENT_CACHE_SECONDS: int = 600
    #: The privacy floor k: no published group of people may be smaller; 5 is the least that is allowed.
    FLOOR: int = 5
    #: What is told of reading: ``"standard"``, the stricter rules of a ``"works_council"``, or nothing (``"off"``).
    MEASUREMENT: Literal["standard", "works_council", "off"] = "standard"
    #: File beside the backups to which every erasure is added as a fingerprint; empty: only the database remembers it.
    ERASURES_FILE: str = ""
    #: How many live sizes a person without ``view_members`` may ask for in ten minutes.
    LIVE_SIZES: int = 60
    #: For how many months it is kept who was in which segment.
    HISTORY_MONTHS: int = 12
    #: Attribute names that look like special categories of personal data, each with the reason why it is needed.
    SENSITIVE_ATTRIBUTES: dict[str, str] = field(default_factory=dict)
    #: Percentage of active people that one import may deactivate before it stops and asks.
    LEAVERS_GUARD_PERCENT: int = 10
    #: Number of people below which the leavers guard never stops an import.
    LEAVERS_GUARD_LEAST: int = 20
    #: Alias in ``STORAGES`` of the private storage of files uploaded for an import; empty: a folder of this user.
    IMPORT_STORAGE: str = ""
    #: The largest file that may be uploaded for an import, in megabytes.
    IMPORT_MAX_MEGABYTES: int = 100
    #: Whether hashtags in rich text are links to their pages.
    HASHTAG_LINKS: bool = True
    #: How many sources may be mandatory for one person.
    MOST_MANDATORY: int = 5
    #: To how many further sources one person may be subscribed automatically.
    MOST_AUTOMATIC: int = 20
    #: How many e-mails at once and messages of editors one person gets in seven days; more waits for the digest.
    MESSAGES_PER_WEEK: int = 10
    #: The hour, in each person's time zone, at which digests leave.
    DIGEST_HOUR: int = 10
    #: The days on which e-mails leave, 0 is Monday; weekly digests leave on the first one.
    WORK_DAYS: tuple[int, ...] = (0, 1, 2, 3, 4)
    #: From which to which hour, in each person's time zone, no e-mail leaves; ``None``: at any time.
    QUIET_HOURS: tuple[int, int] | None = (20, 7)
    #: How often an e-mail is tried when the mail server does not take it now.
    MAIL_ATTEMPTS: int = 12
    #: After how many seconds a worker that says nothing counts as dead.
    MAIL_LEASE_SECONDS: int = 600
    #: Address of a Redis server, or alias of a Redis cache, in which beacons wait; ``None``: each is stored at once.
    ENGAGEMENT_BUFFER: str | None = None
    #: How many beacons may wait there; beyond, engaged time and scrolling are dropped first.
    ENGAGEMENT_BUFFER_MOST: int = 100_000
    #: For how many days raw events of what was read are kept; at least until their month is over, 90 at most.
    ENGAGEMENT_RAW_DAYS: int = 30
    #: How much more a hit counts that is ``recommended`` to the reader, or from what they have ``followed``.
    SEARCH_WEIGHTS: dict[str, float] = field(default_factory=lambda: {"recommended": 1.5, "followed": 1.3})
    #: Whether comments appear only when a moderator has approved them.
    COMMENTS_NEED_APPROVAL: bool = False
    #: How many letters a comment has at most.
    COMMENT_LENGTH: int = 5000
    #: How many comments one person may write in a minute.
    COMMENTS_PER_MINUTE: int = 10
    #: The reactions that are offered: a key that is stored, with a sign, a blank and its name.
    REACTIONS: dict[str, str] = field(
        default_factory=lambda: {
            "like": "👍 Like",
            "love": "❤️ Love",
            "celebrate": "🎉 Congratulations",
            "idea": "💡 Good idea",
        }
    )


def _read() -> PersonalizeSettings:
    given: dict[str, Any] = getattr(django_settings, "WAGTAIL_PERSONALIZE", {})
    unknown = set(given) - {f.name for f in fields(PersonalizeSettings)}
    if unknown:
        raise ImproperlyConfigured(f"WAGTAIL_PERSONALIZE has unknown keys: {', '.join(sorted(unknown))}.")
    return PersonalizeSettings(**given)


_current: PersonalizeSettings | None = None


def get_settings() -> PersonalizeSettings:
    """The settings now in force; tests may override ``WAGTAIL_PERSONALIZE`` as usual."""
    global _current
    if _current is None:
        _current = _read()
    return _current


def _forget(*, setting: str, **kwargs: Any) -> None:
    global _current
    if setting == "WAGTAIL_PERSONALIZE":
        _current = None


setting_changed.connect(_forget, dispatch_uid="wagtail_personalize.conf")

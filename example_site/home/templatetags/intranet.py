"""Small things that templates of the intranet draw: icons and portraits."""

from zlib import crc32

from django import template
from django.db.models import Model
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

HUES = 8
#: What lies behind the initials, so that portraits differ at a glance also for those who see no colours.
FIGURES = (
    '<circle class="portrait__figure" cx="52" cy="12" r="26"/>',
    '<path class="portrait__figure" d="M0 42c11-9 21-9 32 0s21 9 32 0v22H0Z"/>',
    '<path class="portrait__figure" d="M0 64 64 0v64Z"/>',
    '<path class="portrait__figure" d="M0 0h32v64H0Z"/>',
    '<circle class="portrait__figure" cx="10" cy="56" r="30"/>',
    '<path class="portrait__figure" d="M32 2 62 32 32 62 2 32Z"/>',
)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One icon out of the sprite; decoration, so hidden from screen readers."""
    return format_html(
        '<svg class="icon icon--{}" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#{}"/></svg>',
        name,
        static("home/icons.svg"),
        name,
    )


@register.simple_tag
def portrait(profile: Model | str, size: str = "", described: bool = False) -> SafeString:
    """The person's photo or else a drawing: initials on a ground that is the same on every page.

    ``profile`` may also be just a name. ``described`` names the person to screen readers; leave it out where the name
    stands beside the portrait.
    """
    name = str(profile)
    if photo := getattr(profile, "photo", None):
        address, alt = photo.get_rendition("fill-256x256").url, name if described else ""
        return format_html('<img class="portrait portrait--{}" src="{}" alt="{}">', size or "normal", address, alt)
    number = crc32(name.encode())
    label = (
        format_html('role="img" aria-label="Portrait of {}"', name) if described else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="portrait portrait--{} portrait--hue-{}" viewBox="0 0 64 64" {}>'
        '<rect class="portrait__ground" width="64" height="64"/>{}<text x="32" y="40.5">{}</text></svg>',
        size or "normal",
        number % HUES,
        label,
        mark_safe(FIGURES[number // HUES % len(FIGURES)]),
        initials(name),
    )


def initials(name: str) -> str:
    """The first letters of the first and the last name; titles and particles do not count."""
    words = [word for word in name.split() if word[0].isupper() and not word.endswith(".")] or name.split() or ["?"]
    return words[0][0] + (words[-1][0] if len(words) > 1 else "")

"""What a hashtag is called in other languages than the one it came up in.

It stays one hashtag, with one stream and one number. Whoever writes it as it is called in their language means the
same: that word becomes a synonym, so a label always leads back to its hashtag.
"""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_personalize.people.folding import text_hash

from .hashtags import SIGNS, key_of

if TYPE_CHECKING:
    from .models import Hashtag


def languages() -> list[tuple[str, str]]:
    """In which a label may differ, as (code, name); none on a site that speaks one."""
    return list(settings.LANGUAGES) if getattr(settings, "WAGTAIL_I18N_ENABLED", False) else []


def label_of(hashtag: "Hashtag") -> str:
    """As it is called in the language that is shown; a regional one (``de-at``) takes that of ``de``."""
    code = get_language() or ""
    return hashtag.labels.get(code) or hashtag.labels.get(code.split("-")[0]) or hashtag.label


def cleaned(hashtag: "Hashtag", text: str) -> str:
    """The label as it is stored; refuses what is no hashtag, and one that is a hashtag of its own."""
    label = text.strip().lstrip(SIGNS)
    if not label:
        return ""
    if not (key := key_of(label)):
        raise ValidationError(_("Letters, digits and underscores only, with at least one letter."))
    other = type(hashtag).objects.filter(digest=text_hash(key)).exclude(pk=hashtag.pk).first()
    if other and (other.synonym_of_id is None or other.synonym_of_id != hashtag.pk):
        raise ValidationError(_("This is another hashtag. Let it stand for this one first."))
    return label


def make_synonyms(hashtag: "Hashtag") -> None:
    """Each label leads to its hashtag."""
    model = type(hashtag)
    wanted = {text_hash(key_of(label)): label for label in hashtag.labels.values()}
    known = set(model.objects.filter(digest__in=wanted).values_list("digest", flat=True))
    for digest, label in wanted.items():
        if digest not in known:
            model(label=label, synonym_of=hashtag, reviewed=True).save()

"""Hashtags and the pages that use them.

A page's uses are a copy of what its live version says, written when it is published and removed when it no longer is.
They say nothing about who may see the page: whoever reads them asks ``open_pages`` too.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.people.folding import text_hash
from wagtail_personalize.segments import versions

from .hashtag_labels import label_of, make_synonyms
from .hashtags import MOST_CHARACTERS, SIGNS, key_of

#: Grows with every change of what is blocked or stands for something else.
VERSION = "hashtags"


class Hashtag(models.Model):
    """One hashtag. What another one stands for (``synonym_of``) has no stream of its own."""

    #: What it is compared by: compared code point by code point, see ``digest``.
    key = models.CharField(max_length=MOST_CHARACTERS, editable=False)
    #: SHA-256 of the key, because a database may take two keys that differ in an accent for the same.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    label = models.CharField(
        _("spelling"),
        max_length=MOST_CHARACTERS,
        help_text=_("Without the # sign. You may change capitals and small letters, but not the word itself."),
    )
    #: What it is called in other languages, by their codes (``hashtag_labels``).
    labels = models.JSONField(default=dict, blank=True, editable=False)
    synonym_of = models.ForeignKey(
        "self",
        verbose_name=_("stands for"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="synonyms",
        help_text=_("Pages with this hashtag then appear under the other one."),
    )
    blocked = models.BooleanField(
        _("blocked"), default=False, help_text=_("Stays plain text: no page, no stream, nowhere suggested.")
    )
    reviewed = models.BooleanField(_("reviewed"), default=False, help_text=_("May appear among the trending hashtags."))
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("hashtag")
        verbose_name_plural = _("hashtags")
        ordering = ["label", "pk"]

    def __str__(self) -> str:
        return f"#{label_of(self)}"

    def save(self, **kwargs: Any) -> None:
        """One level of synonyms: what stood for this one stands for the other one then.

        Holds its lock before anybody is told, as publishing a page does: then neither waits for the other in a circle.
        """
        if self._state.adding:
            self.key = key_of(self.label)
            self.digest = text_hash(self.key)
            self.label = self.label.strip().lstrip(SIGNS)
        with transaction.atomic():
            versions.hold(VERSION)
            super().save(**kwargs)
            if self.synonym_of_id:
                self.synonyms.update(synonym_of=self.synonym_of_id)
            elif self.labels:
                make_synonyms(self)
            versions.grow(VERSION)

    @cached_property
    def ids(self) -> list[int]:
        """Its own key and those of its synonyms."""
        return [self.pk, *self.synonyms.filter(blocked=False).values_list("pk", flat=True)]

    def clean(self) -> None:
        self._clean_label()
        self._clean_synonym()

    def _clean_label(self) -> None:
        key = key_of(self.label)
        if not key:
            raise ValidationError({"label": _("Letters, digits and underscores only, with at least one letter.")})
        if self.pk and key != self.key:
            raise ValidationError(
                {
                    "label": _(
                        "This is another hashtag. You may change capitals and small letters, but not the word itself."
                    )
                }
            )
        if not self.pk and Hashtag.objects.filter(digest=text_hash(key)).exists():
            raise ValidationError({"label": _("This hashtag exists already.")})
        self.label = self.label.strip().lstrip(SIGNS)

    def _clean_synonym(self) -> None:
        if self.synonym_of_id is None:
            return
        if self.synonym_of_id == self.pk:
            raise ValidationError({"synonym_of": _("A hashtag cannot stand for itself.")})
        if self.synonym_of.synonym_of_id is not None:
            raise ValidationError(
                {"synonym_of": _("That hashtag stands for another one itself. Choose the other one.")}
            )


class HashtagUse(models.Model):
    """The live version of a page uses a hashtag."""

    hashtag = models.ForeignKey(Hashtag, on_delete=models.CASCADE, related_name="uses")
    page = models.ForeignKey(
        getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"),
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
    )
    #: When the page was first published; its place in the stream.
    published_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "hashtag"], name="personalize_hashtag_use")]
        indexes = [models.Index(fields=["hashtag", "-published_at", "-page"], name="personalize_hashtag_stream")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.hashtag_id}: {self.page_id}"


class AddedHashtag(models.Model):
    """An editor gave a page, in all its languages, a hashtag that its text need not have."""

    translation_key = models.UUIDField()
    hashtag = models.ForeignKey(Hashtag, on_delete=models.CASCADE, related_name="added")

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["translation_key", "hashtag"], name="personalize_added_hashtag")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.translation_key}: {self.hashtag_id}"


class FeedAddress(models.Model):
    """The private address of a person's feeds. The token in the address is this number, signed with ``SECRET_KEY``."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=43, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.person_id)


# Django looks for models here.
from .automatic.models import SubscriptionRule  # noqa: E402, F401
from .formats.models import PageFormat  # noqa: E402, F401
from .mailing.models import MailChoice, OutgoingMail  # noqa: E402, F401
from .notifications.models import Notice, Notification, Preference, PreferenceDefault  # noqa: E402, F401
from .people_widgets.models import WidgetFilter  # noqa: E402, F401
from .saved_filters.models import SavedFilter  # noqa: E402, F401
from .sources.models import Source  # noqa: E402, F401
from .subscribing.models import InterestsAnswer, Shortcut, Subscription, SubscriptionChange  # noqa: E402, F401
from .timeline.models import LastLook, MustKnow, MustKnowRead, TimelineItem  # noqa: E402, F401

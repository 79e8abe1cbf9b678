"""What editors make beside pages, and the little that is remembered of readers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .audience_key import AudienceKey
from .menu_field import MenuEntriesField
from .placeholders import refuse_unknown
from .targeted import TargetedMixin


class Announcement(TargetedMixin, models.Model):
    """A short message above every page, until it ends or its reader puts it away."""

    class Level(models.TextChoices):
        INFO = "info", _("Information")
        WARNING = "warning", _("Warning")
        URGENT = "urgent", pgettext_lazy("announcement", "Urgent")

    title = models.CharField(_("title"), max_length=100, validators=[refuse_unknown])
    text = models.TextField(_("text"), max_length=500, blank=True, validators=[refuse_unknown])
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.INFO)
    page = models.ForeignKey(
        getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"),
        verbose_name=_("read more on"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The link is shown only to those who may see the page."),
    )
    dismissible = models.BooleanField(
        _("can be put away"), default=True, help_text=_("Whoever puts it away does not see it again.")
    )

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> str:
        return self.title

    @property
    def rank(self) -> int:
        """Urgent ones come first."""
        return list(self.Level.values).index(self.level)


class AnnouncementDismissal(models.Model):
    """Somebody put an announcement away."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="dismissals")
    at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("announcement put away")
        verbose_name_plural = _("announcements put away")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "announcement"], name="personalize_dismissal_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.announcement_id}"


class Menu(models.Model):
    """A menu that editors put together; ``{% personalized_menu "short-name" %}`` shows it."""

    name = models.CharField(_("name"), max_length=100, help_text=_("Screen readers announce the menu by it."))
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    entries = MenuEntriesField(verbose_name=_("entries"), blank=True)

    class Meta:
        verbose_name = _("menu")
        verbose_name_plural = _("menus")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LandingPage(TargetedMixin, models.Model):
    """Where some people arrive instead of the site's start page. The first that is meant for somebody wins."""

    page = models.ForeignKey(
        getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"),
        verbose_name=_("page"),
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Whoever may not see it stays on the start page."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("landing page")
        verbose_name_plural = _("landing pages")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.page)


class KnowledgeTopic(models.Model):
    """Something that some know well and others do not. Blocks tell it in two depths, for beginners and for experts."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    advanced = AudienceKey(
        verbose_name=_("start with the advanced text"),
        help_text=_("People who know the topic already. Everybody can switch; their own choice counts."),
    )

    class Meta:
        verbose_name = _("knowledge topic")
        verbose_name_plural = _("knowledge topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Knowledge(models.TextChoices):
    """In how much depth somebody reads about a topic."""

    BEGINNER = "beginner", _("For beginners")
    ADVANCED = "advanced", _("For advanced readers")


class KnowledgeChoice(models.Model):
    """What a person chose for a topic."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(KnowledgeTopic, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=10, choices=Knowledge)
    at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("choice of depth")
        verbose_name_plural = _("choices of depth")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="personalize_knowledge_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.topic_id} {self.level}"

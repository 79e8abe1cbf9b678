"""The personal start page."""

from django.db import models
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from wagtail_personalize import viewer_for
from wagtail_personalize.targeting.blocks import VariantsBlock

from .. import colleagues
from ..blocks import BodyBlock, MessageBlock, NoticeBlock, PeopleBlock, QuickLinkBlock
from ..greeting import greeting_for
from ..languages import in_language, translated_for
from ..news_for_me import news_for_me
from .news import NewsPage


class StartPage(Page):
    """The same page for everybody, and for each something else."""

    lead = models.TextField(_("welcome for guests"), blank=True)
    guest_text = models.TextField(_("hint for guests"), blank=True)
    message = StreamField(
        [("variants", VariantsBlock(MessageBlock(required=False)))],
        verbose_name=_("message beside the greeting"),
        blank=True,
        max_num=1,
    )
    notices = StreamField([("notice", NoticeBlock())], verbose_name=_("must-know notices"), blank=True)
    quick_links = StreamField([("link", QuickLinkBlock())], verbose_name=_("quick links"), blank=True)
    people = StreamField(PeopleBlock(required=False), verbose_name=_("people and recommendations"), blank=True)
    body = StreamField(BodyBlock(required=False), verbose_name=_("body"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("message"),
        FieldPanel("notices"),
        FieldPanel("quick_links"),
        FieldPanel("people"),
        FieldPanel("body"),
        FieldPanel("lead"),
        FieldPanel("guest_text"),
    ]
    max_count = 1
    icon = "home"

    class Meta:
        verbose_name = _("start page")

    def serve(self, request, *args, **kwargs):
        """Who comes to the front door is led to the one in their language."""
        is_at_the_door = request.path == "/" and not getattr(request, "is_preview", False)
        own = translated_for(request, self) if is_at_the_door else None
        return redirect(own.get_url(request)) if own else super().serve(request, *args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        viewer = viewer_for(request)
        viewer.mark()
        me = colleagues.profile_for(request)
        context |= {
            "me": me,
            "is_guest": viewer.is_anonymous,
            "greeting": greeting_for(me),
            "news": news_for_me(in_language(NewsPage.objects.all()), viewer)[:5],
        }
        if me:
            context |= colleagues.around(me)
        return context

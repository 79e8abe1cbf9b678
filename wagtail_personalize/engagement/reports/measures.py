"""The numbers of the reports: what the privacy layer must know of each, and how it is called and explained."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_personalize.privacy.figures import Kind, Measure

AUDIENCE, REACHED, VIEWERS, PARTICIPANTS = "audience", "reached", "viewers", "participants"

#: In the order in which they are decided: what is ``of`` another comes after it.
MEASURES = (
    Measure(AUDIENCE, Kind.SIZE),
    Measure("seers", Kind.PEOPLE),
    Measure(VIEWERS, Kind.PEOPLE, inside=("seers",)),
    Measure(REACHED, Kind.PEOPLE, inside=("seers",)),
    Measure(PARTICIPANTS, Kind.PEOPLE, inside=(VIEWERS,)),
    Measure("searchers", Kind.PEOPLE),
    Measure("impressions", Kind.ACTIONS, of="seers"),
    *(
        Measure(name, Kind.ACTIONS, of=VIEWERS)
        for name in ("views", "scrolled_25", "scrolled_50", "scrolled_75", "scrolled_100", "visits", "bounces")
    ),
    Measure("timed_views", Kind.ACTIONS, of=VIEWERS),
    Measure("engaged_median", Kind.AVERAGE, of=VIEWERS, made_of="timed_views"),
    *(
        Measure(name, Kind.ACTIONS, of=PARTICIPANTS)
        for name in ("clicks", "downloads", "media", "reactions", "comments", "shares", "bookmarks", "follows")
    ),
    *(Measure(name, Kind.ACTIONS, of=PARTICIPANTS) for name in ("helpful", "unhelpful")),
    *(Measure(name, Kind.ACTIONS, of="searchers") for name in ("searches", "searches_without_result")),
    Measure("mails_accepted", Kind.PEOPLE),
    Measure("mail_clicks", Kind.ACTIONS, of="mails_accepted"),
)
NAMES = tuple(measure.name for measure in MEASURES)

#: Of searches, which nobody views: who opened a result is among those who searched.
OF_SEARCHES = tuple(
    Measure(PARTICIPANTS, Kind.PEOPLE, inside=("searchers",)) if measure.name == PARTICIPANTS else measure
    for measure in MEASURES
    if measure.name in (PARTICIPANTS, "searchers", "searches", "searches_without_result", "clicks")
)

INTERACTIONS = ("clicks", "downloads", "media", "reactions", "comments", "shares", "bookmarks", "follows")

LABELS = {
    AUDIENCE: _("Audience"),
    "seers": _("Came before their eyes"),
    REACHED: _("Reached"),
    VIEWERS: _("Viewers"),
    PARTICIPANTS: _("Participants"),
    "searchers": _("People who searched"),
    "impressions": _("Impressions"),
    "views": pgettext_lazy("of pages", "Views"),
    "timed_views": _("Views with a known time"),
    "engaged_median": _("Median engaged time"),
    "scrolled_25": _("Scrolled to 25 %"),
    "scrolled_50": _("Scrolled to 50 %"),
    "scrolled_75": _("Scrolled to 75 %"),
    "scrolled_100": _("Scrolled to the end"),
    "visits": _("Visits"),
    "bounces": _("Bounces"),
    "clicks": _("Clicks on links"),
    "downloads": _("Downloads"),
    "media": _("Audio and video played"),
    "reactions": _("Reactions"),
    "comments": pgettext_lazy("of readers", "Comments"),
    "shares": _("Shares"),
    "bookmarks": _("Bookmarks"),
    "follows": _("Follows"),
    "helpful": _("“Helpful”"),
    "unhelpful": _("“Not helpful”"),
    "searches": _("Searches"),
    "searches_without_result": _("Searches without result"),
    "mails_accepted": _("E-mails accepted"),
    "mail_clicks": _("Clicks in e-mails"),
}

#: The definitions, told beside the numbers.
EXPLANATIONS = {
    AUDIENCE: _("People for whom it was meant, at the end of the time."),
    "seers": _("Different people with an impression or a view."),
    REACHED: _("Different people of the audience with an impression or a view."),
    VIEWERS: _("Different people who opened it. Never added up over days, pages or segments."),
    PARTICIPANTS: _("Different people who did more than view: clicked, downloaded, reacted, commented, shared…"),
    "impressions": _("How often at least half of a teaser was to be seen for a second."),
    "views": _("How often it was opened. How often something was done is rounded."),
    "engaged_median": _("Half of the views were looked at for longer: page visible, and something done in a minute."),
    "visits": _("Views with less than 30 minutes between them, at most 12 hours."),
    "bounces": _("Visits with a single view of less than ten seconds in which nothing was done."),
    "searches_without_result": _("Searches that found nothing that this person may see."),
    "mail_clicks": _("Clicks whose token proves that they come from the e-mail. Opening is not measured."),
}

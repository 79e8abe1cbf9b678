"""Programs that fetch pages, told from people's browsers by what they call themselves.

A list of names would be out of date tomorrow. Two habits of programs are not: they do not pretend to be Mozilla, as
every browser has done since 1996, or they put their trade, a contact or a tool's name into what follows.
"""

import re
from functools import lru_cache

_BROWSERS = ("Mozilla/", "Opera/")
#: What programs do and with what they are made. (Cubot makes telephones.)
_TRADES = re.compile(
    r"(?<!cu)bot\b|bots\b|(?<!cu)bot[/_\-. ]|crawl|spider|slurp|scrap[ei]|fetch|scan|monitor|preview|archiv|valid"
    r"|verif|inspect|check|probe|survey|index|search|harvest|extract|discover|discovery|analyz|optimi[sz]er|uptime|pingdom"
    r"|synthetic|lighthouse|speed ?insights|gtmetrix|headless|phantom|selenium|playwright|puppeteer|webdriver"
    r"|curl|wget|libwww|python|perl\b|ruby|php|java[/)\s]|okhttp|axios|node-|go-http|http-?client|httrack|webcopy"
    r"|webcapture|imageproxy|feed|rss|https?[:;]/|\bwww\.|\w@\w|\+\w+\.\w|facebookexternal|mediapartners|adsbot"
    r"|ahrefs|semrush|siteimprove|-agent\b|\bagent\)|\buser/\d|google-\w+|proxy|download|reader\b|outbrain|quora"
    r"|compatible; (?!msie|konqueror|abrowse)",
    re.IGNORECASE,
)


@lru_cache(maxsize=10_000)
def is_bot(user_agent: str) -> bool:
    """Nothing at all is not a program: many logs have no such column."""
    if not user_agent.strip(" -"):
        return False
    return not user_agent.startswith(_BROWSERS) or _TRADES.search(user_agent) is not None

"""``check_leaks``: does the site tell anybody what they may not see?"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from ...leaks.crawl import Crawl, Leak
from ...leaks.hidden import hidden_pages
from ...leaks.learning import Lessons
from ...leaks.people import Looker, lookers
from ...leaks.sandbox import sandbox
from ...leaks.starting_points import search_words, starting_points

#: Exit codes beside 0 (nothing found).
LEAKS = 1
FAILED = 2
_MOST_TOLD = 5
_MOST_FAILED = 20


class Command(BaseCommand):
    help = "Looks at the site as anonymous and as one person per combination of segments, and lists what leaks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=12, help="look as at most so many combinations of segments")
        parser.add_argument("--as", action="append", default=[], dest="named", help="look as this user; repeatable")
        parser.add_argument("--url", action="append", default=[], dest="urls", help="begin here as well; repeatable")
        parser.add_argument("--limit", type=int, default=1000, help="ask for at most so many addresses")
        parser.add_argument("--privacy", action="store_true", help="mind Wagtail's own page privacy as well")
        parser.add_argument("--site-caches", action="store_true", help="use (and fill) the caches of the site")
        parser.add_argument("--keys", action="store_true", help="name the key of the person who looked")
        parser.add_argument("--fail-fast", action="store_true", help="stop at the first leak")
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument("--progress", action="store_true", help="show progress also when this is no terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = self._check(options)
        except CommandError:
            raise
        except Exception as error:
            raise CommandError(_("The check failed: %s") % repr(error), returncode=FAILED) from error
        if found:
            told = ngettext("%d response tells too much.", "%d responses tell too much.", found) % found
            raise CommandError(told, returncode=LEAKS)

    def _check(self, options: dict[str, Any]) -> int:
        """How many responses told too much."""
        with sandbox(own_caches=not options["site_caches"]), self._bar(options) as bar:
            people = self._people(options)
            lessons = Lessons(people, hidden_pages(people, privacy=options["privacy"]), bar.update)
            crawl = Crawl(people, lessons.learn(), search_words(lessons.pages))
            bar.reset(total=options["limit"])
            leaks = crawl.run(starting_points(options["urls"], lessons), options["limit"], bar.update)
            found = self._write(leaks, options)
        self._summary(crawl)
        return found

    def _people(self, options: dict[str, Any]) -> list[Looker]:
        try:
            return lookers(options["people"], options["named"])
        except ObjectDoesNotExist as error:
            raise CommandError(_("Nobody has one of the names given with --as."), returncode=FAILED) from error

    @contextmanager
    def _bar(self, options: dict[str, Any]) -> Iterator[tqdm]:
        with tqdm(file=sys.stderr, disable=False if options["progress"] else None, leave=False) as bar:
            yield bar

    def _write(self, leaks: Iterator[Leak], options: dict[str, Any]) -> int:
        """Each leak as soon as it is found."""
        found = 0
        write = self._write_json if options["json"] else self._write_text
        if options["json"]:
            self.stdout.write("[", ending="")
        for leak in leaks:
            found += 1
            write(leak, options["keys"], found == 1)
            if options["fail_fast"]:
                break
        if options["json"]:
            self.stdout.write("]")
        return found

    def _write_text(self, leak: Leak, keys: bool, first: bool) -> None:
        who = f"{leak.looker.label} ({leak.looker.key})" if keys and leak.looker.user else leak.looker.label
        self.stdout.write(self.style.ERROR(f"{leak.address}  [{leak.status}]  {who}"))
        for source, told in groupby(sorted(leak.told, key=lambda pair: pair[1]), key=lambda pair: pair[1]):
            self._write_source(source or leak.view or _("a middleware"), [found for found, _source in told])

    def _write_source(self, source: str, told: list[Any]) -> None:
        self.stdout.write("  " + _("written by %s") % source)
        for found in told[:_MOST_TOLD]:
            self.stdout.write(f"    {found.kind} “{found.text}”: {found.owner}")
        if len(told) > _MOST_TOLD:
            self.stdout.write("    " + _("and %d more") % (len(told) - _MOST_TOLD))

    def _write_json(self, leak: Leak, keys: bool, first: bool) -> None:
        told = [
            {"kind": found.kind, "text": found.text, "of": found.owner, "template": source}
            for found, source in leak.told
        ]
        row = {"url": leak.address, "status": leak.status, "viewer": leak.looker.label, "view": leak.view, "told": told}
        row |= {"person": leak.looker.key} if keys else {}
        self.stdout.write(("" if first else ",\n") + json.dumps(row, ensure_ascii=False), ending="")

    def _summary(self, crawl: Crawl) -> None:
        """On the standard error: what was looked at, and where the site failed."""
        counts = crawl.counts
        self.stderr.write(
            _("%(addresses)d addresses as %(people)d viewers, %(fingerprints)d things to recognise.")
            % {"addresses": counts.addresses, "people": len(crawl.lookers), "fingerprints": len(crawl.fingerprints)},
            self.style.NOTICE,
        )
        for address, fault in list(counts.failed.items())[:_MOST_FAILED]:
            told = _("The site itself failed at %(address)s, so that was not checked: %(fault)s")
            self.stderr.write(told % {"address": address, "fault": fault})
        if not counts.good:
            raise CommandError(_("Not one address answered, so nothing was checked."), returncode=FAILED)

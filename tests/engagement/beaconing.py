"""A browser in tests: what it sends, and to where."""

import json
import time
from uuid import uuid4

from django.test import Client

from wagtail_personalize.engagement.beacon.tokens import ViewToken, page_token
from wagtail_personalize.engagement.kinds import Kind

BEACON = "/people/measure/"
TOKEN = "/people/measure/token/"


class Browser:
    """Somebody looks at a page; ``issued`` seconds ago it was given to them."""

    def __init__(self, person, page, issued=0):
        self.client = Client()
        self.view = ViewToken(str(person.pk), page.translation_key, int(time.time()) - issued)
        self.load = uuid4().hex
        self.number = 0

    def event(self, kind=Kind.VIEW, value=None, teaser=None):
        self.number += 1
        entry = [self.number, int(kind), value]
        return [*entry, page_token(teaser.translation_key)] if teaser else entry

    def body(self, *entries, **fields):
        """Its token, and what stands behind it; ``v`` is another token."""
        entries = list(entries) or [self.event()]
        token = fields.pop("v", self.view.signed())
        return token, {"l": self.load, "t": self.view.issued, "c": "", "e": entries, **fields}

    def send(self, *entries, headers=None, **fields):
        token, told = self.body(*entries, **fields)
        return self.post(f"{token}\n{json.dumps(told)}", headers=headers)

    def post(self, text, headers=None):
        response = self.client.post(BEACON, text, content_type="text/plain", headers=headers)
        assert (response.status_code, response.content) == (204, b"")
        return response

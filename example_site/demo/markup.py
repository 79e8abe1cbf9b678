"""Reads the texts in ``content/pages`` and turns them into what Wagtail stores.

A text has TOML between two lines of ``+++`` and then a body in a small dialect of Markdown: headings, lists, bold,
italic, links by path, quotations, tables, and two kinds of parts that are meant for somebody::

    ::: callout for=managers | Title          ::: variants
    text                                      --- for=new-joiners | Name
    :::                                       text
                                              --- | Everybody
                                              text
                                              :::

    ::: depths heat-pumps                     ::: links | Straight to
    --- beginner                              - for=managers | Budget | /handbook/budget/ | What is there
    text                                      :::
    --- advanced
    text                                      ::: personal
    :::                                       Hello {first_name|colleague}
                                              :::
    ::: documents important | For you         ::: table for=managers
    :::                                       | Head | Head |
                                              | cell | cell |
                                              :::

``{+12}`` stands for the day in twelve days, so that the demonstration never looks old.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils.formats import date_format
from django.utils.html import escape

Link = Callable[[str], str]
Audience = Callable[[list[str], list[str]], dict | None]


def split(text: str, quotes: str = "“”") -> tuple[dict[str, Any], str]:
    """The TOML head and the body, with the quotation marks of a language."""
    _before, head, body = text.split("+++\n", 2)
    return typeset(tomllib.loads(head), quotes), typeset(body.strip(), quotes)


def typeset(value: Any, quotes: str = "“”") -> Any:
    """Curly quotation marks and spaces that do not break, in every text of a structure."""
    if isinstance(value, dict):
        return {key: typeset(item, quotes) for key, item in value.items()}
    if isinstance(value, list):
        return [typeset(item, quotes) for item in value]
    if not isinstance(value, str):
        return value
    value = re.sub(r'"([^"]+)"', rf"{quotes[0]}\1{quotes[1]}", value).replace("'", "’")
    return re.sub(r"(?<=\d) (?=%)", "\u00a0", value)


def with_days(text: str, today: date, written: str = "j F") -> str:
    """``{+12}`` written out as the day that it is, in the active language."""
    return re.sub(r"\{\+(\d+)\}", lambda m: date_format(today + timedelta(int(m[1])), written), text)


@dataclass
class Writer:
    """Makes stream data of one page. ``link`` finds a page by its path, ``audience`` a stored choice by short names."""

    page: str
    link: Link
    audience: Audience
    _count: int = field(default=0, init=False)

    def block(self, kind: str, value: Any) -> dict[str, Any]:
        """One block with an id that is the same in every run."""
        self._count += 1
        return {"type": kind, "value": value, "id": str(uuid5(NAMESPACE_URL, f"{self.page}#{self._count}"))}

    def body(self, text: str) -> list[dict[str, Any]]:
        """The blocks of a whole body."""
        blocks, prose = [], []
        for part in _parts(text):
            if _is_prose(part):
                prose.append(part)
                continue
            if prose:
                blocks.append(self.block("text", self.html(prose)))
                prose = []
            blocks.append(self._special(part))
        return blocks + ([self.block("text", self.html(prose))] if prose else [])

    def html(self, parts: list[str]) -> str:
        return "".join(self._element(part) for part in parts)

    def _special(self, part: str) -> dict[str, Any]:
        if part.startswith("> "):
            words, _dash, person = part[2:].replace("\n> ", " ").rpartition(" — ")
            return self.block("quote", {"text": words, "person": person})
        if part.startswith("|"):
            return self.block("table", _table(part))
        head, _newline, text = part.partition("\n")
        if head.startswith("::: variants"):
            return self.block("variants", self._variants(text))
        if (more := self._more(head.removeprefix("::: "), text)) is not None:
            return more
        whom, title = self._whom(head.removeprefix("::: callout"))
        return self.block("callout", {"title": title, "text": self.html(_parts(text)), "audience": whom})

    def _more(self, head: str, text: str) -> dict[str, Any] | None:
        """The blocks that the package brings ready made."""
        kind, _space, rest = head.partition(" ")
        words, _bar, heading = (part.strip() for part in rest.partition("|"))
        match kind:
            case "personal":
                return self.block("personal", self.html(_parts(text)))
            case "depths":
                parts = re.split(r"^--- (\w+)\n", text, flags=re.MULTILINE)[1:]
                texts = {level: self.html(_parts(part)) for level, part in zip(parts[::2], parts[1::2], strict=True)}
                return self.block("depths", {"topic": words, **texts})
            case "table":
                return self.block("table", {"content": _table(text), "audience": self._whom(f"{words} |")[0]})
            case "documents":
                value = {"heading": heading, "tag": words, "chosen": [], "most": 8, "empty_text": ""}
                return self.block("documents", value)
            case "links":
                links = [self._quick_link(line) for line in text.splitlines() if line.startswith("- ")]
                return self.block("links", {"heading": heading, "links": links})
        return None

    def _quick_link(self, line: str) -> dict[str, Any]:
        whom, label, address, text = (part.strip() for part in line.removeprefix("- ").split("|"))
        value = {"label": label, "text": text, "page": None, "address": "", "audience": self._whom(f"{whom} |")[0]}
        if address.startswith("/"):
            value["page"] = int(self.link(address).rpartition("id=")[2].strip('"'))
        else:
            value["address"] = address
        return self.block("item", value)

    def _variants(self, text: str) -> dict[str, Any]:
        variants, default = [], ""
        for variant in re.split(r"^--- ?", text, flags=re.MULTILINE)[1:]:
            head, _newline, words = variant.partition("\n")
            whom, name = self._whom(head)
            content = self.html(_parts(words))
            if whom is None:
                default = content
            else:
                variants.append(self.variant(name, whom, content))
        return {"variants": variants, "default": default}

    def variant(self, name: str, whom: dict | None, content: Any) -> dict[str, Any]:
        """One item of a ``VariantsBlock``, switched on."""
        return self.block("item", {"name": name, "on": True, "audience": whom, "content": content})

    def _whom(self, head: str) -> tuple[dict | None, str]:
        """``for=a,b not=c | Title`` as a stored audience and the title."""
        words, _bar, title = head.partition("|")
        named = dict(word.split("=") for word in words.split())
        chosen = [named[key].split(",") if key in named else [] for key in ("for", "not")]
        return self.audience(*chosen), title.strip()

    def _element(self, part: str) -> str:
        if match := re.match(r"(#+) (.*)", part):
            level = len(match[1])
            return f"<h{level}>{self._inline(match[2])}</h{level}>"
        for mark, tag in ((r"- ", "ul"), (r"\d+\. ", "ol")):
            if re.match(mark, part):
                items = re.split(rf"^{mark}", part, flags=re.MULTILINE)[1:]
                return f"<{tag}>{''.join(f'<li>{self._inline(item.strip())}</li>' for item in items)}</{tag}>"
        return f"<p>{self._inline(part)}</p>"

    def _inline(self, text: str) -> str:
        text = escape(text.replace("\n", " "))
        text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
        text = re.sub(r"\*(.+?)\*", r"<i>\1</i>", text)
        return re.sub(r"\[(.+?)\]\((.+?)\)", lambda m: f"<a {self.link(m[2])}>{m[1]}</a>", text)


def _parts(text: str) -> list[str]:
    """Paragraphs, lists, tables, and whole ``:::`` parts."""
    return list(_read_parts(text.strip().splitlines()))


def _read_parts(lines: list[str]) -> Iterator[str]:
    part: list[str] = []
    fenced = False
    for line in lines:
        if line.startswith("::: "):
            fenced = True
        if line.strip() == ":::" or (not line.strip() and not fenced):
            if part:
                yield "\n".join(part)
            part, fenced = [], False
        else:
            part.append(line)
    if part:
        yield "\n".join(part)


def _is_prose(part: str) -> bool:
    return not part.startswith(("::: ", "> ", "|"))


def _table(part: str) -> dict[str, Any]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines()]
    head, *below = [[*row] for row in rows]
    return {
        "caption": "",
        "columns": [{"type": "text", "heading": cell} for cell in head],
        "rows": [{"values": row} for row in below],
    }

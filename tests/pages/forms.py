"""Reads the forms of a page as a program would: where each is sent, and its fields with what stands in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit


@dataclass
class Form:
    """A form: where it goes, how, and its fields as a browser would send them. Files are left out."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        """Whether it stays on this site."""
        return not urlsplit(self.action).netloc


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._open: Form | None = None
        self._select = self._area = self._worded = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urldefrag(urljoin(self.address, given["href"])).url)
        if tag == "form":
            action = urldefrag(urljoin(self.address, given.get("action", ""))).url
            self._open = Form(action, given.get("method", "get").lower())
            self.forms.append(self._open)
        if self._open is not None:
            self._take(tag, given)

    def _take(self, tag: str, given: dict[str, str]) -> None:
        assert self._open is not None
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            self._open.fields[name] = ""
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in self._open.fields:
                self._open.fields[self._select] = value
                self._worded = "" if "value" in given else self._select
        elif tag in {"input", "button"} and name and given.get("type") != "file":
            is_choice = given.get("type") in {"checkbox", "radio"}
            if not is_choice or "checked" in given or name not in self._open.fields:
                self._open.fields[name] = value

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._area:
            self._open.fields[self._area] += data
        if self._open is not None and self._worded:  # an option without a value is what it says
            self._open.fields[self._worded] = data.strip()
            self._worded = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area


def read(html: str, address: str) -> tuple[list[Form], list[str]]:
    """Return the forms of a page and the addresses that it links to."""
    reader = _Reader(address)
    reader.feed(html)
    return reader.forms, reader.links

"""A page as its reader meets it: its words, in their pieces, without what is said in another language on purpose."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_READ = {"script", "style", "code"}
CHOSEN = {"radio", "checkbox"}
SPOKEN = {"alt", "aria-label", "placeholder", "title", "value"}


class Reader(HTMLParser):
    """Reads a page in `language`: `pieces` are its texts and spoken attributes; `page` is what <html> says of it."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.page: dict[str, str | None] = {}
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element says in its attributes, and whether what is in it is to be read."""
        given = dict(attrs)
        if tag == "option" or given.get("type") in CHOSEN:
            # The value of a choice is for the server; its reader sees the text.
            given.pop("value", None)
        if tag == "html":
            self.page = given
        is_read = self._is_read and tag not in NOT_READ and given.get("lang", self.language) == self.language
        if is_read and given.get("type") != "hidden":
            self._note(given)
        if tag not in VOID:
            self._open.append((tag, is_read))

    def handle_endtag(self, tag: str) -> None:
        """Close the element, and what was left open inside."""
        while any(opened == tag for opened, _read in self._open):
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if self._is_read:
            self._say(data)

    @property
    def _is_read(self) -> bool:
        return not self._open or self._open[-1][1]

    def _note(self, given: dict[str, str | None]) -> None:
        for name, value in given.items():
            if name in SPOKEN or name.startswith("data-") or (name == "content" and given.get("name") == "description"):
                self._say(value or "")

    def _say(self, words: str) -> None:
        plain = " ".join(words.split())
        if plain:
            self.pieces.append(plain)

"""Static files under names that change with their content: packed once, and kept by browsers for a year."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponseBase
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware

from tertulia.project.scripts import joined

DIGITS = 12
LONG_NAME = re.compile(rf"\.[0-9a-f]{{{DIGITS}}}(\.\w+)$")
_long_names: dict[str, str] = {}


class StaticNames(StaticFilesStorage):
    """Gives a file the address that tells its content; in development the plain one, since files change there."""

    def url(self, name: str | None) -> str:
        """The address of a file called `name` in templates; one that nobody has keeps its plain address."""
        return super().url(name if settings.DEBUG or not name else long_name(name))


class LongNameFinder(BaseFinder):
    """Finds a file by the name that tells its content; not by a name that tells what the content once was."""

    def find(self, path: str, find_all: bool = False, **_old: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Where the file is, or an empty list."""
        plain = LONG_NAME.sub(r"\1", path)
        if plain == path or long_name(plain) != path:
            return []
        found = finders.find(plain)
        return [found] if find_all else found

    def check(self, **_options: Any) -> Any:
        """Nothing can be set wrongly here."""
        return []

    def list(self, _ignore_patterns: Any) -> Iterable[Any]:
        """Nothing: other finders list the same files by their plain names."""
        return []


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, which also answers to long names: from copies in the data folder, packed when first asked for."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The file, or whatever answers further in."""
        url = request.path_info
        if not self.autorefresh and url not in self.files and LONG_NAME.search(url):
            self._learn(url)
        response: HttpResponseBase = super().__call__(request)
        return response

    def _learn(self, url: str) -> None:
        name = url.removeprefix(self.static_prefix)
        # Not in roundabout ways (a/../b): each would be a name of its own to remember.
        is_ours = name != url and self.url_is_canonical(url)
        if is_ours and (found := finders.find(name)):
            self.add_file_to_dictionary(url, str(_packed_copy(Path(found), name)))


def long_name(name: str) -> str:
    """The `name` of a static file with twelve digits of its content's SHA-256 in it; unchanged if there is no file."""
    if name not in _long_names:
        found = finders.find(name)
        if not found or not Path(found).is_file():
            return name
        digest = hashlib.sha256(_content(Path(found), name)).hexdigest()[:DIGITS]
        suffix = PurePosixPath(name).suffix
        _long_names[name] = f"{name.removesuffix(suffix)}.{digest}{suffix}"
    return _long_names[name]


def _content(source: Path, name: str) -> bytes:
    """What is in the file called `name`; a script has all in it that it brings along, so its name changes with that."""
    if source.suffix != ".js":
        return source.read_bytes()
    return joined(name, lambda one: Path(str(finders.find(one))).read_bytes().decode()).encode()


def _packed_copy(source: Path, name: str) -> Path:
    """A copy under its long `name` with a gzip form beside it, where that is smaller; whole at every moment."""
    place = settings.DATA / "static" / name
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
            copy = Path(folder) / place.name
            copy.write_bytes(_content(source, LONG_NAME.sub(r"\1", name)))
            packer = Compressor(use_brotli=False, quiet=True)
            # The packed form goes first: who finds the copy, finds both.
            for made in [*(packer.compress(str(copy)) if packer.should_compress(place.name) else []), str(copy)]:
                Path(made).replace(place.parent / Path(made).name)
    return place

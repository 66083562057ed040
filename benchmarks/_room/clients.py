"""The clients in C: built with gcc when the benchmark starts, told what to do over a pipe."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
# A listener that is not served at once is one of at most so many on their way in.
AT_ONCE = 256
PATIENCE_SECONDS = 30.0
PRODUCERS = 64


class NotDelivered(Exception):  # noqa: N818 - it describes a run that says nothing
    """The engine did not do what was asked of it, so there is nothing to compare."""


@dataclass(frozen=True)
class Clients:
    """The folder in which the two programs lie."""

    folder: Path

    @classmethod
    def built(cls, folder: Path) -> Clients:
        """Compile both into `folder`."""
        for name in ("listener", "poster"):
            line = ["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(folder / name), str(HERE / f"{name}.c")]
            subprocess.run(line, check=True)
        return cls(folder)

    @contextmanager
    def listener(self, port: int, heads: Sequence[bytes], in_mark: str) -> Iterator[Listener]:
        """A process that listens with these `heads`; whoever hears the line `in_mark` is in ("": the answer's head)."""
        with self._written(heads) as requests:
            line = [str(self.folder / "listener"), str(port), requests, *filter(None, [in_mark])]
            with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
                yield Listener(process)
                process.kill()

    @contextmanager
    def posting(
        self, port: int, posts: Sequence[bytes], rate: float = 0, producers: int = PRODUCERS
    ) -> Iterator[Poster]:
        """`producers` post all of `posts` meanwhile, `rate` a second in all; 0: as fast as they are acknowledged."""
        with self._written(posts) as requests:
            line = [str(self.folder / "poster"), str(port), requests, str(producers), str(rate)]
            with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
                try:
                    yield Poster(process)
                finally:
                    process.kill()

    @contextmanager
    def _written(self, requests: Sequence[bytes]) -> Iterator[str]:
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix="requests-") as file:
            for request in requests:
                file.write(b"%d\n%s" % (len(request), request))
            file.flush()
            yield file.name


@dataclass
class Listener:
    """Many listeners in one process; each call returns when it is done. NotDelivered when they cannot get in."""

    process: subprocess.Popen[str]

    def open(self, number: int, at_once: int = AT_ONCE) -> float:
        """`number` more listen; the seconds until all were in."""
        return self._in(f"open {number} {at_once}")

    def expect(self, messages: int) -> None:
        """Begin to count: so many messages are coming."""
        self._ask(f"expect {messages}")

    def wait(self, patience: float = PATIENCE_SECONDS) -> dict[str, float]:
        """What was delivered, when all was, or when nothing has come for `patience` seconds."""
        return self._ask(f"wait {patience}")

    def cut(self) -> None:
        """Hang up on all lines."""
        self._ask("cut")

    def back(self) -> float:
        """All come again at once, from where they were; the seconds until the last one was in."""
        return self._in("back")

    def _in(self, command: str) -> float:
        answer = self._ask(command)
        self.processor = answer["processor"]
        self.refused = answer["refused"]
        return answer["seconds"]

    def _ask(self, command: str) -> dict[str, float]:
        assert self.process.stdin  # noqa: S101 - opened with pipes
        assert self.process.stdout  # noqa: S101
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise NotDelivered(f"the listeners ended at {command!r}")
        said: dict[str, float] = json.loads(answer)
        return said


@dataclass
class Poster:
    """A process that posts."""

    process: subprocess.Popen[str]

    def done(self) -> dict[str, float]:
        """What was acknowledged, how fast; NotDelivered when a post was refused."""
        said, _nothing = self.process.communicate()
        if self.process.returncode:
            raise NotDelivered("the producers could not post")
        answer: dict[str, float] = json.loads(said)
        if answer["acknowledged"] != answer["posts"]:
            raise NotDelivered(f"of {answer['posts']} posts some were answered with {answer['other_status']}")
        return answer

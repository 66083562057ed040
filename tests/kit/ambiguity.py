"""How much of a phrase is lost with the spaces: how many pairs of phrases are one string without them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache


def lost_bits(words: Iterable[str], number: int) -> float:
    """Of the strength of so many words, in bits of collision entropy, which is the least that any guess could win."""
    pairs = _Pairs(frozenset(words)).alike(number, number)
    return math.log2(pairs) - number * math.log2(len(frozenset(words)))


class _Pairs:
    """Counts pairs of phrases of these words that are spelt alike; every phrase is alike to itself."""

    def __init__(self, words: frozenset[str]) -> None:
        self.words = words
        self.by_letter: dict[str, list[str]] = defaultdict(list)
        for word in words:
            self.by_letter[word[0]].append(word)
        # What is left of a word behind another one that it begins with.
        self.left = [word[end:] for word in words for end in range(1, len(word)) if word[:end] in words]
        self.alike = cache(self._alike)
        self.caught_up = cache(self._caught_up)

    def _alike(self, here: int, there: int) -> int:
        """So many words are still to come on either side, and neither is ahead."""
        if not here or not there:
            return int(here == there)
        ahead = sum(self.caught_up(rest, here - 1, there - 1) for rest in self.left)
        behind = sum(self.caught_up(rest, there - 1, here - 1) for rest in self.left)
        return len(self.words) * self.alike(here - 1, there - 1) + ahead + behind

    def _caught_up(self, rest: str, ahead: int, behind: int) -> int:
        """One side is ahead by `rest`: how it goes on."""
        return sum(self._step(rest, word, ahead, behind - 1) for word in self._fitting(rest)) if behind else 0

    def _fitting(self, rest: str) -> Iterator[str]:
        return (word for word in self.by_letter[rest[0]] if word.startswith(rest) or rest.startswith(word))

    def _step(self, rest: str, word: str, ahead: int, behind: int) -> int:
        if word == rest:
            return self.alike(ahead, behind)
        if word.startswith(rest):
            return self.caught_up(word[len(rest) :], behind, ahead)
        return self.caught_up(rest[len(word) :], ahead, behind)

"""The nearest cluster: the shortest stretch of a text that holds most different words. Pure."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct


class Mark(Struct, frozen=True, order=True, gc=False):
    """A stretch of a text from ``start`` to before ``end``, and which word of the query it is."""

    start: int
    end: int
    word: int


class Cluster(Struct, frozen=True):
    """A stretch of a text, and how many different words of the query stand in it."""

    words: int
    start: int
    end: int

    @property
    def spread(self) -> int:
        """How far its words lie apart, in characters; 0 for a single one."""
        return self.end - self.start if self.words > 1 else 0


def nearest(marks: Sequence[Mark]) -> Cluster:
    """The shortest stretch with all different words of some marks, the first of several."""
    ordered = sorted(marks)
    wanted = len({mark.word for mark in ordered})
    inside: Counter[int] = Counter()
    best: Cluster | None = None
    first = 0
    for at, last in enumerate(ordered):
        inside[last.word] += 1
        while inside[ordered[first].word] > 1:
            inside[ordered[first].word] -= 1
            first += 1
        start = ordered[first].start
        if len(inside) < wanted or (best is not None and last.end - start >= best.end - best.start):
            continue
        end = max(mark.end for mark in ordered[first : at + 1])
        if best is None or end - start < best.end - best.start:
            best = Cluster(wanted, start, end)
    assert best is not None, "there are marks"  # noqa: S101
    return best

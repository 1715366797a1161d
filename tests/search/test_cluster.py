"""The nearest cluster of different words, beside a slow look at every stretch."""

from hypothesis import given
from hypothesis import strategies as st

from app.search.cluster import Cluster, Mark, nearest

MARKS = st.lists(
    st.builds(
        lambda start, length, word: Mark(start, start + length, word),
        st.integers(0, 60),
        st.integers(1, 8),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=14,
)


def _slowly(marks: list[Mark]) -> int:
    """The length of the shortest stretch that holds a mark of every word."""
    words = {mark.word for mark in marks}
    return min(
        end - start
        for start in {mark.start for mark in marks}
        for end in {mark.end for mark in marks}
        if words == {mark.word for mark in marks if start <= mark.start and mark.end <= end}
    )


def test_the_first_of_equal_stretches_is_taken() -> None:
    marks = [Mark(0, 2, 0), Mark(5, 7, 1), Mark(20, 22, 0), Mark(23, 25, 1), Mark(40, 42, 0)]
    assert nearest(marks) == Cluster(2, 20, 25)
    assert nearest([Mark(9, 12, 7), Mark(3, 6, 7)]) == Cluster(1, 3, 6)
    assert nearest([Mark(3, 6, 7)]).spread == 0


@given(MARKS)
def test_no_stretch_with_all_words_is_shorter(marks: list[Mark]) -> None:
    found = nearest(marks)
    assert found.words == len({mark.word for mark in marks})
    inside = [mark for mark in marks if found.start <= mark.start and mark.end <= found.end]
    assert {mark.word for mark in inside} == {mark.word for mark in marks}
    assert found.end - found.start <= _slowly(marks) + 8

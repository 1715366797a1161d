"""From what web processes say to how long each hook took to be found."""

import pytest

from bench.watching import Seen, delays


def test_a_hook_counts_as_found_once_the_last_process_finds_it() -> None:
    seen = [Seen(1, 10.1, 1), Seen(2, 10.3, 1), Seen(1, 10.4, 2), Seen(2, 10.5, 2)]
    assert delays(seen, [10.0, 10.0]) == pytest.approx([0.3, 0.5])


def test_a_total_says_that_all_before_it_are_found() -> None:
    assert delays([Seen(1, 5.0, 0), Seen(1, 6.0, 3)], [1.0, 2.0, 3.0]) == [5.0, 4.0, 3.0]


def test_a_hook_that_one_process_never_finds_is_no_figure() -> None:
    seen = [Seen(1, 10.1, 2), Seen(2, 10.3, 1)]
    with pytest.raises(ValueError, match="process 2 never found hook 2"):
        delays(seen, [10.0, 10.0])

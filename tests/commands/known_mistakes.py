"""How a test tells of a mistake that is known and not yet mended."""

import pytest


def known_mistake(reason: str) -> pytest.MarkDecorator:
    """The test fails as long as the mistake is there; once it is mended, the mark must go."""
    return pytest.mark.xfail(raises=AssertionError, strict=True, reason=reason)

"""What a page is made of: its elements, how many of each, and in which shape.

The shape of an element is its name, its parent's name and the names of its attributes. Pages that
say something harmless show every shape that the templates have; markup that gets out of a text
shows itself by another shape, by another number of elements, or by what no page of ours has. What
is told apart as a number to copy stands in messages too, and is counted there alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct
from playwright.sync_api import Page

_CENSUS: Final = """within => {
  const tags = {}, odd = [], shapes = new Set();
  for (const e of document.querySelectorAll(within)) {
    const names = [...e.attributes].map(a => a.name).sort();
    if (!e.matches(".pick[class='pick'], section:has(> .named), section:has(> .named) *")) {
      tags[e.localName] = (tags[e.localName] || 0) + 1;
      shapes.add(`${e.parentElement?.localName} > ${e.localName}[${names}]`);
    }
    for (const a of e.attributes) {
      if (/^on|^style$|^srcdoc$|^autofocus$/.test(a.name)) odd.push(`${e.localName} ${a.name}`);
      if (/href$|^src$|action$|^data$|^poster$|^background$/.test(a.name)) {
        const to = URL.parse(a.value, document.baseURI)?.protocol;
        if (!["http:", "https:", "mailto:"].includes(to))
          odd.push(`${e.localName} ${a.name}=${a.value}`);
      }
    }
  }
  return { tags, odd, shapes: [...shapes] };
}"""
VARYING: Final = frozenset({"a", "b", "s", "mark", "code"})
"""Elements that depend on what is searched, and on which address may be a link."""
FIRM: Final = (
    "html", "head", "meta", "base", "link", "title", "style", "script", "template", "body", "main",
    "footer", "form", "textarea", "img", "iframe", "object", "embed", "video", "audio", "math",
    "dialog", "select", "button",
)  # fmt: skip
"""Elements of which a page has as many as its twin, whatever is searched."""


class Census(Struct, frozen=True):
    """The elements of a page by name, their shapes, and attributes that no page of ours has."""

    tags: Mapping[str, int]
    odd: list[str]
    shapes: frozenset[str]


def census(page: Page, within: str = "*") -> Census:
    """Count the elements of a page, or of a part of it that a selector names."""
    found: dict[str, Any] = page.evaluate(_CENSUS, within)
    return Census(found["tags"], found["odd"], frozenset(found["shapes"]))


def shapes_of(page: Page, *addresses: str) -> frozenset[str]:
    """The shapes of some harmless pages together."""
    known: set[str] = set()
    for address in addresses:
        page.goto(address)
        known |= census(page).shapes
    return frozenset(known)


def beyond(seen: Census, twin: Census, known: frozenset[str] = frozenset()) -> Iterator[str]:
    """What of a page is not in its twin, nor, where shapes are given, of a shape that is known.

    Without known shapes both must have the same number of all elements, but those that vary.
    """
    yield from seen.odd
    yield from sorted(seen.shapes - twin.shapes - known if known else ())
    for tag in FIRM if known else sorted((set(twin.tags) | set(seen.tags)) - VARYING):
        if seen.tags.get(tag, 0) != twin.tags.get(tag, 0):
            yield f"{seen.tags.get(tag, 0)} {tag} instead of {twin.tags.get(tag, 0)}"

"""A page as a tree of elements, read by the standard library's HTML parser.

What the parser makes of a page is what a browser would roughly make of it: markup that was not
escaped becomes an element here, and then a test sees it.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
"""Elements that have no end."""


class Element:
    """One element with its attributes, in the order of the page."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        """The value of an attribute; fails where it is missing."""
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        """The value of an attribute, or None."""
        return self.attributes.get(name)

    @property
    def classes(self) -> frozenset[str]:
        """The classes of the element."""
        return frozenset(self.attributes.get("class", "").split())

    @property
    def raw_text(self) -> str:
        """All text within, exactly as it stands."""
        return "".join(
            child if isinstance(child, str) else child.raw_text for child in self.children
        )

    @property
    def text(self) -> str:
        """All text within, runs of spaces as one."""
        return " ".join(self.raw_text.split())

    def walk(self) -> "Iterator[Element]":
        """This element and every one within, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, tag: str = "", css: str = "", **attributes: str) -> "list[Element]":
        """Elements within by tag, by class and by attributes."""
        return [
            one
            for one in self.walk()
            if (not tag or one.tag == tag)
            and (not css or css in one.classes)
            and all(one.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag: str = "", css: str = "", **attributes: str) -> "Element":
        """The only such element; fails when there is none or more than one."""
        found = self.all(tag, css, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} .{css} {attributes}"
        return found[0]

    def has(self, tag: str = "", css: str = "", **attributes: str) -> bool:
        """Whether there is such an element."""
        return bool(self.all(tag, css, **attributes))

    def links(self) -> list[str]:
        """The addresses of all links within."""
        return [one["href"] for one in self.all("a") if one.get("href") is not None]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.path = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.path[-1].children.append(element)
        if tag not in VOID:
            self.path.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.path[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.path[-1].tag == tag, f"</{tag}> ends <{self.path[-1].tag}>"
        self.path.pop()

    def handle_data(self, data: str) -> None:
        self.path[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        message = f"a comment in a page: {data!r}"
        raise AssertionError(message)


def read_page(html: str) -> Element:
    """The tree of a page. Fails when an end stands where another element is open."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert len(builder.path) == 1, f"<{builder.path[-1].tag}> has no end"
    return builder.root

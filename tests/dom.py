"""A page as a browser would take it apart, so far as the tests need."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "input", "br", "img", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list["Element | str"])

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, tag: str | None = None, **attributes: str) -> list[Element]:
        """This element and those within that have this tag and these attributes (`class_` for one of the classes)."""
        wanted = attributes.pop("class_", None)
        fits = (
            tag in (None, self.tag)
            and wanted in (None, *self.classes)
            and all(self.attributes.get(name) == value for name, value in attributes.items())
        )
        within = [e for c in self.children if isinstance(c, Element) for e in c.all(tag, **_with(wanted, attributes))]
        return [self, *within] if fits else within


def _with(wanted: str | None, attributes: dict[str, str]) -> dict[str, str]:
    return attributes if wanted is None else {**attributes, "class_": wanted}


def parse(page: str) -> Element:
    """The tree of a page; fails when tags are not nested as they must be."""
    parser = _Parser()
    parser.feed(page)
    parser.close()
    assert len(parser.open) == 1, f"left open: {parser.open[-1].tag}"
    return parser.open[0]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.tag == tag, f"</{tag}> closes <{closed.tag}>"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

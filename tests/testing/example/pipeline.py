"""A pipeline as you might write one: rows about aid convoys."""

from pydantic import BaseModel

from extractor import Evidence, Extractor, Mention


class Convoy(BaseModel):
    """One convoy with relief goods."""

    evidence: list[Evidence]
    goods: list[Mention]
    destination: Mention | None


class Convoys(BaseModel):
    """All of them."""

    convoys: list[Convoy]


def convoys(text: str) -> list[tuple[str | None, list[str]]]:
    """Where each convoy went, and what it carried, in the article's own words."""
    with Extractor(schema=Convoys, prompt="List the aid convoys that the article tells of.") as extractor:
        found = extractor.extract(text).data.convoys
    return [(each.destination and each.destination.text, [goods.text for goods in each.goods]) for each in found]

"""Finding names and quotes with a typing error in a text: right edges and time, beside langextract's aligner.

Texts are made up. Half of the items are names of two or three words, half quotes of 8 to 14; each stands once in its
text, and has one letter left out, added, changed or swapped with the next, in a word of five letters or more and not in
its first letter. Both are given all items of a text in the order in which they stand there, which langextract expects,
and nothing else: no sentence near which they stand. Timed, in processor time, is `extractor.grounding.locate` for each
item and `Resolver.align` for all of them, in a process that has imported it; both have had a short text before. An edge
is right where start and end are those of the words before the typing error.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from evals.bench.peers.environment import langextract_python
from evals.bench.speed import langextract_aligning
from extractor.document import Document
from extractor.errors import ModelError
from extractor.grounding import locate

_SYLLABLES = (
    "ba",
    "cor",
    "den",
    "fil",
    "gra",
    "hus",
    "jen",
    "kol",
    "lam",
    "mer",
    "nos",
    "per",
    "rin",
    "sta",
    "tul",
    "ven",
)
_LETTERS = "abcdefghiklmnoprstuvz"


@dataclass(frozen=True, slots=True)
class Item:
    """Words to be found, and where they stand without their typing error."""

    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Aligned:
    """How one of the two did on a text; seconds are of processor time."""

    seconds: float | None
    """None: it was not done when its time was over."""
    right: int
    """Items with both edges right."""


@dataclass(frozen=True, slots=True)
class Line:
    """One size of text."""

    characters: int
    items: int
    ours: Aligned
    theirs: Aligned | None


def measure(
    sizes: Sequence[int],
    *,
    items: int = 50,
    seed: int = 1,
    longest: float = 600.0,
    peers: bool = True,
    told: Callable[[str], None] = lambda _: None,
) -> list[Line]:
    """Measure at each size of text, in characters.

    Args:
        sizes: Of the texts; in ASCII, so characters are bytes.
        items: How many are to be found in each.
        seed: Of what is made up.
        longest: Seconds that langextract has for a text.
        peers: Whether langextract is measured.
        told: Is told how it goes.

    Raises:
        ModelError: langextract failed.
    """
    warm_text, warm_items = made_up(2_000, 5, Random(0))  # noqa: S311
    _ours(warm_text, warm_items)
    lines: list[Line] = []
    for size in sizes:
        text, wanted = made_up(size, items, Random(seed))  # noqa: S311
        ours = _ours(text, wanted)
        told(f"{size:,} characters, ours: {ours.seconds:.3f} s, {ours.right} of {items} right")
        theirs = _theirs((warm_text, warm_items), (text, wanted), longest) if peers else None
        if theirs is not None:
            took = f"{theirs.seconds:.2f} s" if theirs.seconds is not None else f"not done after {longest:.0f} s"
            told(f"{size:,} characters, langextract: {took}, {theirs.right} of {items} right")
        lines.append(Line(len(text), items, ours, theirs))
    return lines


def made_up(size: int, items: int, random: Random) -> tuple[str, list[Item]]:
    """A text of about so many characters, and what is to be found in it, in its order."""
    words = ["".join(random.choices(_SYLLABLES, k=random.randint(1, 4))) for _ in range(2_000)]
    sentences: list[list[str]] = []
    length = 0
    while length < size:
        sentence = random.choices(words, k=random.randint(16, 28))
        sentence = [word.capitalize() if random.random() < 0.2 else word for word in sentence]
        sentences.append(sentence)
        length += sum(map(len, sentence)) + len(sentence) + 1
    text = "".join(
        " ".join(sentence) + (".\n\n" if number % 5 == 4 else ". ") for number, sentence in enumerate(sentences)
    )
    return text, sorted(_items(text, sentences, items, random), key=lambda item: item.start)


def _items(text: str, sentences: list[list[str]], count: int, random: Random) -> Iterator[Item]:
    taken: set[str] = set()
    small = text.lower()
    while len(taken) < count:
        sentence = random.choice(sentences)
        if len(taken) % 2:
            length = random.randint(8, 14)
            first = random.randrange(len(sentence) - length)
        else:
            length = random.randint(2, 3)
            first = random.randrange(1, len(sentence) - length)
        run = sentence[first : first + length]
        words = " ".join(run)
        long = [place for place, word in enumerate(run) if len(word) >= 5]
        if not long or words in taken or small.count(words.lower()) != 1:
            continue
        place = random.choice(long)
        wrong = _mistyped(run[place], random)
        start = text.index(words)
        taken.add(words)
        yield Item(" ".join([*run[:place], wrong, *run[place + 1 :]]), start, start + len(words))


def _mistyped(word: str, random: Random) -> str:
    while True:
        at = random.randrange(1, len(word))
        letter = random.choice(_LETTERS)
        wrong = random.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            ]
        )
        if wrong != word:
            return wrong


def _ours(text: str, items: Sequence[Item]) -> Aligned:
    began = time.process_time()
    document = Document(text)
    found = [locate(document, item.words) for item in items]
    seconds = time.process_time() - began
    places = [one and (one.start, one.end) for one in found]
    return Aligned(seconds, _right(items, places))


def _theirs(warm: tuple[str, list[Item]], wanted: tuple[str, list[Item]], longest: float) -> Aligned:
    texts = [{"text": text, "items": [item.words for item in items]} for text, items in (warm, wanted)]
    try:
        ran = subprocess.run(
            [langextract_python(), langextract_aligning.__file__],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            timeout=longest,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Aligned(None, 0)
    if ran.returncode:
        raise ModelError(f"langextract's aligner failed: {ran.stderr.strip().splitlines()[-1]}")
    said: dict[str, Any] = json.loads(ran.stdout)[-1]
    return Aligned(said["seconds"], _right(wanted[1], [place and tuple(place) for place in said["places"]]))


def _right(items: Sequence[Item], places: Sequence[Any]) -> int:
    return sum(place == (item.start, item.end) for item, place in zip(items, places, strict=True))


def as_json(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The figures, plainly."""
    return [asdict(line) for line in lines]

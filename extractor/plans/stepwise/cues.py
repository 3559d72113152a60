"""The reporting words of a sentence, from a list of its language: candidates, between which the model decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import regex
from pydantic import Field

from extractor.derive.content.quotes import quotations
from extractor.document import Document
from extractor.plans.stepwise.word_lists import WordList, any_of, read_list
from extractor.schema import Stance
from extractor.templates import prompts_folder

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*")
_ENOUGH_COMMON_WORDS = 0.08
_SAMPLE = 20_000


class CueFile(WordList):
    """A file of `prompts/cues`."""

    common: list[str]
    phrases: dict[Stance, list[str]]
    words: dict[Stance, str]
    pronouns: list[str]
    tells: list[str] = Field(default_factory=list[str])
    relays: list[str] = Field(default_factory=list[str])
    negations: list[str] = Field(default_factory=list[str])
    unsaid: list[str] = Field(default_factory=list[str])
    passive: list[str] = Field(default_factory=list[str])
    owns: list[str] = Field(default_factory=list[str])
    not_so: list[str] = Field(default_factory=list[str])
    no_denial: str = ""
    documents: str = ""
    no_act: list[str] = Field(default_factory=list[str])


@dataclass(frozen=True)
class CueList:
    """The reporting words of one language."""

    language: str
    stances: Mapping[str, Stance]
    """Each word or phrase, in lower case, with the speech act that it words."""
    pattern: regex.Pattern[str]
    common: frozenset[str]
    pronouns: frozenset[str]
    """Sources that stand for somebody named before."""
    tells: frozenset[str]
    """Cues with which somebody speaks to somebody."""
    owns: frozenset[str]
    """Cues with which somebody says that he did it."""
    relays: frozenset[str]
    """Cues with which somebody passes on what another one said."""
    unsaid: regex.Pattern[str]
    """Ends a stretch after which a cue says that nothing was said."""
    passive: regex.Pattern[str]
    """Ends a stretch after which a cue tells what is done to somebody, as "was" before "quoted"."""
    not_so: regex.Pattern[str]
    """Words that say of something that it is not so."""
    negation: regex.Pattern[str]
    """Words that say of something that it did not happen, was not done or was not there."""
    no_denial: regex.Pattern[str]
    """Negations that deny no event: nobody was hurt, he does not know, it will not, not enough."""
    documents: regex.Pattern[str]
    """What somebody wrote or counted, and who: "the army's statement", "figures of the army"."""

    def candidates(self, sentence: str) -> list[str]:
        """The cues of a sentence as they stand in it, in order, each once.

        A capital within the sentence makes a name of a word ("the Islamic State") and no cue; neither is a word of a
        quotation, nor one that was "not said".
        """
        quoted = quotations(sentence)
        found = [
            match
            for match in self.pattern.finditer(sentence)
            if (match.group()[0].islower() or _opens(sentence, match))
            and not any(start < match.start() < end for start, end in quoted)
            and not self.unsaid.search(sentence, 0, match.start())
        ]
        return list(dict.fromkeys(match.group() for match in found))

    def denies(self, content: str) -> bool:
        """Whether what somebody says is worded as a denial."""
        return bool(self.not_so.search(content) or self.negation.search(self.no_denial.sub(" ", content)))

    def author(self, source: str) -> str:
        """Whose words a source holds: "the army" of "the army's statement" and of "a statement by the army"."""
        match = self.documents.fullmatch(source)
        return source if match is None else match["owner"] or match["issuer"]

    def stance(self, cue: str) -> Stance:
        """The speech act that a cue words."""
        return self.stances.get(cue.lower(), "asserts")


def cue_list_for(document: Document) -> CueList | None:
    """The list for the document's language, as given or as its commonest words tell; `None` when there is no list."""
    if document.language is not None:
        return _lists().get(document.language.split("-")[0].lower())
    words = [word.lower() for word in _WORD.findall(document.text[:_SAMPLE])]
    for listed in _lists().values():
        if sum(word in listed.common for word in words) >= _ENOUGH_COMMON_WORDS * len(words):
            return listed
    return None


def _opens(sentence: str, match: regex.Match[str]) -> bool:
    return _WORD.search(sentence[: match.start()]) is None


@cache
def _lists() -> dict[str, CueList]:
    files = sorted((prompts_folder() / "cues").glob("*.yaml"))
    lists = [read_list(file, CueFile, "cues") for file in files]
    return {one.language: _compiled(one) for one in lists}


def _compiled(file: CueFile) -> CueList:
    stances: dict[str, Stance] = {phrase: stance for stance, phrases in file.phrases.items() for phrase in phrases}
    stances |= {word: stance for stance, words in file.words.items() for word in words.split()}
    document = rf"(?:\p{{Ll}}+ )?{_words(file.documents.split())}"
    negation = rf"{_words(file.negations)}|n['’]t\b"
    return CueList(
        file.language,
        stances,
        any_of(stances),
        frozenset(file.common),
        frozenset(file.pronouns),
        frozenset(file.tells),
        frozenset(file.owns),
        frozenset(file.relays),
        regex.compile(rf"(?<![\p{{L}}])(?:{'|'.join(map(regex.escape, file.unsaid)) or '(?!)'})\s$|n['’]t\s$", regex.I),
        regex.compile(rf"(?<![\p{{L}}])(?:{'|'.join(map(regex.escape, file.passive)) or '(?!)'})\s$", regex.I),
        regex.compile(_words(file.not_so), regex.I),
        regex.compile(negation, regex.I),
        regex.compile(
            rf"(?:{negation})(?:\s+\S+){{0,4}}?\s+{_words(file.no_denial.split())}|{_words(file.no_act)}", regex.I
        ),
        regex.compile(
            rf"(?<owner>.+)['’]s? {document}|(?:(?:the|an?) )?{document} (?:of|by|from) (?<issuer>.+)", regex.I
        ),
    )


def _words(words: Iterable[str]) -> str:
    """Any of the words or phrases, whole."""
    return rf"(?:(?<![\p{{L}}])|(?=[^\p{{L}}]))(?:{'|'.join(map(regex.escape, words)) or '(?!)'})(?![\p{{L}}])"

"""Asking with a prompt, and asking again for what did not stand: once, and never with the history of the talk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast, get_origin

from pydantic import BaseModel, Field, ValidationError, create_model

from extractor.document import Document
from extractor.errors import UnusableAnswer
from extractor.grounding import Checked, Refused, check, nearest_evidence, pointing_into, refusals
from extractor.llm.client import Client, Message, again
from extractor.llm.usage import Usage
from extractor.schema import Dropped, PromptUsed
from extractor.templates import Prompt, load

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
Item = TypeVar("Item")

Progress = Callable[[int, int, str], None]
"""Is told how many steps are done, of how many, and what the next one is."""

_MOST_REASKED = 24
_CONTEXT_SENTENCES = 4


@dataclass
class Asking:
    """One document's run: the client, and everything that is counted or dropped on the way."""

    client: Client
    document: Document
    slots: int = 1
    """How many calls may run at the same time."""
    reads_beginnings: Callable[[Sequence[Message]], Awaitable[None]] | None = None
    """Makes the server know the beginning that the next calls have in common, where it can."""
    progress: Progress | None = None
    usage: Usage = field(default_factory=Usage)
    prompts: dict[str, PromptUsed] = field(default_factory=dict[str, PromptUsed])
    dropped: list[Dropped] = field(default_factory=list[Dropped])
    complete: bool = True
    standing: tuple[Any, BaseModel, range | None] | None = None
    """The last answer that stood as it was: its data, what it was validated to, and which sentences were shown."""

    def prompt(self, name: str) -> Prompt:
        """The prompt of this name (or path), noted as used."""
        prompt = load(name)
        front = prompt.front
        self.prompts[front.name] = PromptUsed(name=front.name, version=front.version, sha256=prompt.sha256)
        return prompt

    def step(self, done: int, total: int, what: str) -> None:
        """Tell how far the run has come."""
        if self.progress is not None:
            self.progress(done, total, what)

    def drop(self, what: str, text: str, why: str) -> None:
        """Count something that the model answered and that is not in the report."""
        self.dropped.append(Dropped(what=what, text=text, why=why))

    async def answer(
        self,
        messages: Sequence[Message],
        schema: type[M],
        *,
        max_tokens: int | None = None,
        part: range | None = None,
    ) -> Any:
        """The model's answer as JSON data, asked for a second time when its form is wrong.

        Pointers that do not stand are left in: `settle` takes care of them. What a truncated answer still holds is
        returned, and the loss is noted. `part`: the sentences shown, where that was not all of them.

        Raises:
            UnusableAnswer: Neither answer was JSON.
        """
        reply = await self._ask(messages, schema, max_tokens, part)
        stands = reply.truncated or reply.value is not None
        if not stands and (reply.data is None or _wrong_form(schema, reply.data, self.document, part)):
            second = await self._ask(again(messages, reply), schema, max_tokens, part)
            if second.data is not None or reply.data is None:
                reply = second
        if reply.data is None:
            how = "was cut off before anything was whole" if reply.truncated else "was no JSON, twice"
            raise UnusableAnswer(f"the model's answer, to be a {schema.__name__}, {how}; it began {reply.text[:60]!r}")
        if reply.truncated:
            self.complete = False
            self.drop(
                "answer", reply.text[-60:], "the answer was cut off at the limit of tokens; what came after is lost"
            )
            _close_lists(schema, reply.data)
        if reply.value is not None and not reply.truncated:
            self.standing = reply.data, reply.value, part
        return reply.data

    async def answer_or_nothing(self, messages: Sequence[Message], schema: type[M], *, max_tokens: int) -> Any:
        """As `answer`, for one small call of many: `None`, listed as lost, where there is nothing to use in it."""
        try:
            return await self.answer(messages, schema, max_tokens=max_tokens)
        except UnusableAnswer as error:
            self.complete = False
            self.drop("answer", messages[-1]["content"][-60:], str(error))
            return None

    async def warm(self, beginning: Sequence[Message]) -> None:
        """Before a series of calls that begin alike."""
        if self.reads_beginnings is not None:
            await self.reads_beginnings(beginning)

    async def each(self, items: Sequence[Item], ask: Callable[[Item], Awaitable[T]], what: str) -> list[T]:
        """Ask about each item, as many at a time as there are slots, and tell how far that has come."""
        done = 0

        async def one(item: Item) -> T:
            nonlocal done
            self.step(done, len(items), what)
            answer = await ask(item)
            done += 1
            return answer

        return await in_turn_or_together(self.slots, [lambda item=item: one(item) for item in items])

    def items(self, schema: type[M], data: Any, name: str) -> list[Any]:
        """The items of the list `name` that fit the schema; the others are dropped and listed."""
        try:
            checked = check(schema, data, self.document)
        except ValidationError as error:
            self.drop(name, "", f"no list of {name}: {error.errors(include_url=False)[0]['msg']}")
            return []
        self._list_dropped(checked)
        return getattr(checked.value, name)

    def _list_dropped(self, checked: Checked[Any]) -> None:
        for item in checked.dropped:
            self.drop(item.what, item.words, item.why)

    async def _ask(
        self, messages: Sequence[Message], schema: type[M], max_tokens: int | None, part: range | None = None
    ) -> Any:
        with pointing_into(self.document, part):
            return await self.client.ask(messages, schema, usage=self.usage, max_tokens=max_tokens)

    async def settle(self, schema: type[M], data: Any, part: range | None = None) -> Checked[M]:
        """Ground an answer: refused words are asked for again once, in one short call, then dropped and listed.

        `part`: the sentences that were shown, where that was not all of them.

        Raises:
            UnusableAnswer: The answer as a whole does not stand.
        """
        if self.standing is not None:
            said, value, shown = self.standing
            if said is data and shown == part and isinstance(value, schema):  # it was checked when it came
                self.standing = None
                nearest_evidence(value, self.document, part or ())
                return Checked(value, data, [])
        try:
            checked = check(schema, data, self.document, part)
        except ValidationError:
            checked = None
        if checked is None or checked.dropped:
            refused = [
                item
                for item in refusals(schema, data, self.document, part)
                if item.pointer and item.words and _is_words(data, item.path)
            ]
            if refused:
                data = await self._corrected(data, refused[:_MOST_REASKED])
            if refused or checked is None:
                checked = self._checked(schema, data, part)
        self._list_dropped(checked)
        return checked

    def _checked(self, schema: type[M], data: Any, part: range | None) -> Checked[M]:
        try:
            return check(schema, data, self.document, part)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = " ".join(map(str, first["loc"])) or "the whole"
            raise UnusableAnswer(f"the model's answer is not a {schema.__name__}: {where}: {first['msg']}") from error

    async def _corrected(self, data: Any, refused: Sequence[Refused]) -> Any:
        """The answer with the refused words replaced by what the model says on being asked for them alone."""
        fields: dict[str, Any] = {f"item_{n}": (str | None, Field(alias=str(n))) for n in range(1, len(refused) + 1)}
        schema: type[BaseModel] = create_model("Corrections", **fields)
        there = range(1, len(self.document.sentences) + 1)
        around = (number for item in refused for number in _evidence_around(data, item)[:2] if number in there)
        numbers = sorted(list(dict.fromkeys(around))[:_CONTEXT_SENTENCES])
        messages = self.prompt("repair").messages(
            sentences=numbered(self.document, numbers),
            refused="\n".join(f"{n}. {item.what}: {item.words!r}" for n, item in enumerate(refused, 1)),
        )
        said: Any = (await self._ask(messages, schema, 40 * len(refused) + 20)).data
        answers = cast(dict[str, Any], said) if isinstance(said, dict) else {}
        for number, item in enumerate(refused, 1):
            better = answers.get(str(number))
            if isinstance(better, str) and better.strip():
                _put(data, item.path, better)
        return data


def numbered(document: Document, numbers: Sequence[int] | None = None) -> str:
    """Sentences as a model is shown them, a line each: `[3] ...`, headings with `#`; all of them by default."""
    chosen = document.sentences if numbers is None else [document.sentence(number) for number in numbers]
    return "\n".join(
        f"[{sentence.number}] {'# ' if sentence.heading else ''}{' '.join(document.words(sentence.number).split())}"
        for sentence in chosen
    )


async def in_turn_or_together(slots: int, calls: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """Run calls, at most `slots` at a time; the results in the order of the calls.

    The first call that fails stops the others, and its error is raised as it is.
    """
    answers: dict[int, T] = {}
    left = iter(enumerate(calls))

    async def work() -> None:
        for number, call in left:
            answers[number] = await call()

    tasks = [asyncio.ensure_future(work()) for _ in range(min(slots, len(calls)))]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [answers[number] for number in range(len(calls))]


def _wrong_form(schema: type[BaseModel], data: Any, document: Document, part: range | None) -> bool:
    return any(not item.pointer for item in refusals(schema, data, document, part))


def _close_lists(schema: type[BaseModel], data: Any) -> None:
    """Give an answer that was cut off the lists that it did not come to, empty."""
    for name, info in schema.model_fields.items():
        if isinstance(data, dict) and info.is_required() and get_origin(info.annotation) is list:
            cast(dict[str, Any], data).setdefault(info.alias or name, [])


def _is_words(data: Any, path: Sequence[str | int]) -> bool:
    """Whether the answer holds words at `path`; better words cannot be asked for in place of a sentence's number."""
    for key in path:
        data = data[key]
    return isinstance(data, str | dict)


def _evidence_around(data: Any, item: Refused) -> list[int]:
    """Sentence numbers given beside the refused words, in the same object or one that holds it."""
    around: list[int] = []
    here = data
    for key in item.path:
        if isinstance(here, dict):
            held = cast(dict[str, Any], here)
            numbers: Any = held.get("evidence") or held.get("sentences") or []
            if isinstance(numbers, list) and numbers:
                around = [n for n in cast(list[Any], numbers) if isinstance(n, int)]
        here = cast(Any, here)[key]
    return around


def _put(data: Any, path: Sequence[str | int], words: str) -> None:
    for key in path[:-1]:
        data = data[key]
    held = data[path[-1]]
    if isinstance(held, dict):
        held["text"] = words
    else:
        data[path[-1]] = words

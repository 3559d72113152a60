"""One way to ask any model: a strict JSON schema out, a checked answer or a clear error back.

Everything heavy (the SDK alone takes seconds to import) is imported at the first call.
"""

import asyncio
import logging
import re
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler, RootModel, ValidationError
from pydantic_core import CoreSchema

from extractor.errors import ModelError, RequestRefused, SettingsError
from extractor.llm.places import place
from extractor.llm.usage import Usage, meter
from extractor.settings import NO_KEY, Endpoint
from extractor.telemetry import Call, call

if TYPE_CHECKING:
    from httpx2 import Response
    from openai import AsyncOpenAI

    from extractor.llm.answers import Answer
    from extractor.llm.limits import RateLimits
    from extractor.llm.tape import Tape

T = TypeVar("T", bound=BaseModel)
R = TypeVar("R")

Message = dict[str, str]
"""A chat message: `role` and `content`."""

DEFAULT_MAX_TOKENS = 4096
"""How long an answer may get when the caller sets no limit: a small model may otherwise fill its whole context."""

# A long list of errors costs tokens, and a long answer that ran away invites the next one.
_MOST_ERRORS_SHOWN = 10
_MOST_CUT_SHOWN = 1000


@dataclass
class Reply(Generic[T]):
    """What a model answered, checked against a schema."""

    value: T | None
    """The answer as an object of the schema; None if it does not validate."""
    error: ValidationError | None
    """Why it does not validate; None if it does."""
    data: Any
    """The parsed JSON, as the model gave it; None if it is no JSON. Of a truncated answer, what is whole."""
    text: str
    """The answer's words."""
    truncated: bool
    """Whether the answer was cut off at the limit of tokens."""


class Client:
    """Asks one endpoint, from one event loop.

    Every request carries the strict JSON schema, temperature 0 and a seed (as far as the model takes them), and a limit
    of tokens. Passing failures are retried with growing waits; a refused request never is. No message is ever treated
    as a template.

    Args:
        endpoint: The server and the model.
        timeout: Seconds for one attempt, from sending to the whole answer.
        attempts: How often a request is sent at most, the first time included.
        seed: For models that sample; the same request is then answered the same way as far as the server can.
        max_output_tokens: A limit for every answer, over whatever a call asks for.
        sleep: How to wait between attempts (seconds).
        tape: Records the answers, or gives recorded ones.
        limits: Give each request its turn; a 429 is then waited off, and counts as no attempt.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        timeout: float = 120,
        attempts: int = 5,
        seed: int = 7,
        max_output_tokens: int | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        tape: "Tape | None" = None,
        limits: "RateLimits | None" = None,
    ) -> None:
        self.endpoint = endpoint
        self._timeout = timeout
        self._attempts = attempts
        self._seed = seed
        self._max_output_tokens = max_output_tokens
        self._sleep = sleep
        self._tape = tape
        self._limits = limits
        self._sdk: AsyncOpenAI | None = None
        self._model = endpoint.model
        self._model_lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections; the client cannot be used afterwards."""
        if self._sdk is not None:
            await self._sdk.close()

    async def ask(
        self, messages: Sequence[Message], schema: type[T], *, usage: Usage, max_tokens: int | None = None
    ) -> Reply[T]:
        """Asks once (with retries of passing failures) and validates the answer in the caller's context.

        An answer that does not validate is not asked for again here: it comes back with its errors, for `again`.

        Args:
            messages: What to send, byte for byte.
            schema: What the answer must be.
            usage: Where the call is counted.
            max_tokens: The limit for this answer; `DEFAULT_MAX_TOKENS` when left out.

        Raises:
            ConnectionFailed, KeyRefused, RequestRefused, RateLimited, ServerFailed: There was no answer.
            ModelRefused, ContentFiltered, UnusableAnswer: There was none to use.
            SettingsError: No model was named, and the server does not offer exactly one.
        """
        from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException

        from extractor.llm.answers import parse, salvage

        model = await self.model_name()
        answers: list[Answer] = []

        async def create(request: dict[str, Any]) -> "Answer":
            request["response_format"] = strict_format(schema)
            answers.append(await self._complete(request, usage))
            return answers[-1]

        try:
            checked = await _instructed()(
                by=create,
                response_model=_plain(schema),
                max_retries=0,
                strict=None,
                messages=list(messages),
                **self._parameters(model, max_tokens),
            )
        except IncompleteOutputException:
            text = answers[-1].text
            data = salvage(text)
            return Reply(*_validate(schema, data), data, text, truncated=True)
        except InstructorRetryException as failure:
            cause = failure.__cause__
            if not isinstance(cause, ValidationError):
                raise (cause or failure) from (cause and cause.__cause__)
            text = answers[-1].text
            return Reply(None, cause, parse(text), text, truncated=False)
        text = answers[-1].text
        return Reply(checked.root, None, parse(text), text, truncated=False)

    async def model_name(self) -> str:
        """The model that is asked; the single one that the server offers where none was named.

        Raises:
            SettingsError: The server offers none, or several.
        """
        async with self._model_lock:
            if self._model is None:
                names = await self._send(self._served_models)
                if len(names) != 1:
                    offer = f"offers {', '.join(names[:8])}" if names else "names none that it offers"
                    raise SettingsError(f"no model was named, and {self.endpoint.where} {offer}: name one")
                self._model = names[0]
        return self._model

    async def _complete(self, request: dict[str, Any], usage: Usage) -> "Answer":
        """Gets a request answered, counts it, and raises if there is nothing in the answer."""
        from extractor.llm.answers import check_answer, read_answer

        tokens = self._limits.estimate(_characters(request)) if self._limits else 0
        under_way: Call | None = None  # None: the server was not asked
        with ExitStack() as told:

            async def fetch() -> bytes:
                nonlocal under_way
                under_way = told.enter_context(call(self.endpoint, request))
                return await self._fetch(request, usage, tokens, under_way)

            body = await (self._tape.answer(request, fetch) if self._tape else fetch())
            answer = read_answer(body, where=self.endpoint.where)
            self._count(answer, usage)
            if under_way is not None:
                self._asked(answer, under_way, tokens)
            check_answer(answer, where=self.endpoint.where, max_tokens=_limit(request))
        return answer

    def _asked(self, answer: "Answer", told: Call, tokens: int) -> None:
        """Counts what the server was really asked for: so many tokens were thought to be needed."""
        if paid := meter():
            self._count(answer, paid)
        said = answer.usage
        if said and self._limits:
            self._limits.took(tokens, said.prompt_tokens + said.completion_tokens, said.completion_tokens)
        told.answered(answer.model, answer.choices[0].finish_reason if answer.choices else None)
        if said:
            from extractor.llm.counting import price

            told.used(
                input_tokens=said.prompt_tokens,
                output_tokens=said.completion_tokens,
                cached_tokens=said.cached,
                written_tokens=said.written,
                cost_usd=price(answer, self.endpoint, self._model),
            )

    async def _fetch(self, request: dict[str, Any], usage: Usage, tokens: int, told: Call) -> bytes:
        """The body of the server's answer."""

        async def create() -> bytes:
            # Not `chat.completions.create`, which looks all through the schema for fields with other names.
            answer = await self._openai().post("/chat/completions", cast_to=_response(), body=request)
            if self._limits:
                self._limits.answered(answer.headers)
            return answer.content

        try:
            async with place():
                return await self._send(create, usage, tokens, told)
        except RequestRefused as error:
            if getattr(error.__cause__, "status_code", None) != 404:
                raise
            raise await self._not_found(request["model"], error) from error.__cause__

    async def _send(
        self,
        request: Callable[[], Awaitable[R]],
        usage: Usage | None = None,
        tokens: int | None = None,
        told: Call | None = None,
    ) -> R:
        """Makes a request until it is answered; what it raises then is one of our own errors.

        `tokens`: what it will take, about; None: it is no chat request, and waits for no turn.
        """
        from extractor.llm.failures import explain
        from extractor.llm.retries import retrying

        usage = usage or Usage()
        limits = self._limits if tokens is not None else None
        attempts = 0
        try:
            retried = told and told.retried
            async for attempt in retrying(self._attempts, self._sleep, paced=limits is not None, retried=retried):
                with attempt:
                    if attempts:
                        usage.retries += 1
                        if paid := meter():
                            paid.retries += 1
                    attempts += 1
                    if limits:
                        return await self._in_turn(request, limits, tokens or 0, usage)
                    return await self._timed(request, usage)
        except Exception as error:
            explained = explain(error, self.endpoint, attempts=attempts, timeout=self._timeout)
            if explained is error:
                raise
            # A server may have sent the key back; then what it said is shown nowhere.
            key = self.endpoint.api_key.get_secret_value()
            raise explained from (None if key != NO_KEY and key in str(error) else error)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _in_turn(self, request: Callable[[], Awaitable[R]], limits: "RateLimits", tokens: int, usage: Usage) -> R:
        """Makes a request when its turn has come, and lets the limits know if it was refused."""
        from openai import APIStatusError

        from extractor.llm.retries import is_refusal, retry_after

        sent_at = await limits.turn(tokens)
        try:
            return await self._timed(request, usage)
        except APIStatusError as error:
            if is_refusal(error):
                limits.refused(sent_at, error.response.headers, retry_after(error))
            raise

    async def _timed(self, request: Callable[[], Awaitable[R]], usage: Usage) -> R:
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout):
                return await request()
        finally:
            usage.seconds += time.monotonic() - started

    def _openai(self) -> "AsyncOpenAI":
        if self._sdk is None:
            from openai import AsyncOpenAI

            from extractor.llm.transport import http_client

            self._sdk = AsyncOpenAI(
                api_key=self.endpoint.api_key.get_secret_value(),
                base_url=self.endpoint.base_url,
                max_retries=0,
                timeout=self._timeout,
                http_client=http_client(self.endpoint, timeout=self._timeout),
            )
        return self._sdk

    def _parameters(self, model: str, max_tokens: int | None) -> dict[str, Any]:
        from extractor.llm.dialects import dialect

        wants = dialect(self.endpoint, model)
        limit = min(max_tokens or DEFAULT_MAX_TOKENS, self._max_output_tokens or sys.maxsize)
        parameters: dict[str, Any] = {"model": model, "seed": self._seed, wants.limit: limit + wants.headroom}
        if wants.temperature:
            parameters["temperature"] = 0
        if self.endpoint.kind == "openai":
            parameters["store"] = False  # nobody's article is kept there for evaluations or training
        return parameters

    def _count(self, answer: "Answer", usage: Usage) -> None:
        from extractor.llm.counting import count_answer

        count_answer(answer, self.endpoint, self._model, usage)

    async def _served_models(self) -> list[str]:
        from extractor.llm.answers import read_models

        answer = await self._openai().get("/models", cast_to=_response())
        return read_models(answer.content, where=self.endpoint.where)

    async def _not_found(self, model: str, error: RequestRefused) -> RequestRefused:
        """A 404 explained: whether the model or the whole address is unknown there."""
        try:
            names = await self._send(self._served_models)
        except ModelError:
            return RequestRefused(f'{error}: does it know the model "{model}", and does the base URL lack "/v1"?')
        offer = f"it offers {', '.join(names[:8])}" if names else "it names none that it offers"
        return RequestRefused(f'{self.endpoint.where} does not know the model "{model}": {offer}')


def again(messages: Sequence[Message], reply: Reply[Any]) -> list[Message]:
    """The messages that ask for a better answer: the first ones, the last answer, and what is wrong with it.

    Give the first messages each time, never the result of this function: then the cost of a re-ask does not grow.
    """
    text = reply.text
    if reply.truncated:
        text = text[:_MOST_CUT_SHOWN]
        fault = "The answer was cut off. Answer again, in fewer words."
    elif reply.data is None:
        fault = "The answer was not JSON. Answer again, with JSON of the schema and nothing else."
    else:
        fault = "\n".join(["These parts of the answer are wrong:", *_faults(reply.error), "Answer again, in full."])
    return [*messages, {"role": "assistant", "content": text}, {"role": "user", "content": fault}]


@lru_cache(maxsize=64)  # schemas may be made for one question alone
def strict_format(schema: type[BaseModel]) -> dict[str, Any]:
    """The `response_format` that makes a server keep to a schema (its validation mode, in OpenAI's strict form).

    It is made once for a schema: never change it.
    """
    from openai import pydantic_function_tool

    return {
        "type": "json_schema",
        "json_schema": {
            "name": re.sub(r"[^A-Za-z0-9_-]+", "_", schema.__name__)[:64],
            "strict": True,
            "schema": pydantic_function_tool(schema)["function"]["parameters"],  # pyright: ignore[reportTypedDictNotRequiredAccess]
        },
    }


def _limit(request: dict[str, Any]) -> int:
    return request.get("max_tokens") or request["max_completion_tokens"]


def _characters(request: dict[str, Any]) -> int:
    return sum(len(message["content"]) for message in request["messages"])


def _faults(error: ValidationError | None) -> list[str]:
    errors = error.errors(include_url=False, include_context=False, include_input=False) if error else []
    lines = [f"- {'.'.join(map(str, e['loc'])) or 'the whole'}: {e['msg']}" for e in errors[:_MOST_ERRORS_SHOWN]]
    rest = len(errors) - len(lines)
    return [*lines, f"- and {rest} more"] if rest else lines


def _validate(schema: type[T], data: Any) -> tuple[T | None, ValidationError | None]:
    try:
        return schema.model_validate(data), None
    except ValidationError as error:
        return None, error


class _As:
    """Marks a value as one of a schema, and hides that from instructor.

    It would look all through the schema, four times for every request, for validators that it does not run.
    """

    def __init__(self, schema: type[BaseModel]) -> None:
        self._schema = schema

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler.generate_schema(self._schema)


@lru_cache(maxsize=64)
def _plain(schema: type[BaseModel]) -> Any:
    """`schema` in a form that comes back from instructor as itself.

    instructor answers with an object of a subclass made on the fly, which is unequal to one of the schema and cannot be
    pickled. Inside a root model the schema stays untouched, and so do the locations of its errors.
    """
    from instructor import openai_schema

    form: Any = openai_schema(RootModel[Annotated[Any, _As(schema)]])
    # instructor wants the JSON schema for every request, which takes many milliseconds; `ask` sends its own.
    form.model_json_schema = dict
    return form


def _response() -> type["Response"]:
    """The type by which the SDK hands out answers as they came."""
    from httpx2 import Response

    return Response


@cache
def _instructed() -> Any:
    """What puts instructor around whatever it is told to ask `by`: it takes long to be put around each call anew."""
    import instructor

    # It logs every failure, words of the article included, at a level that reaches stderr by itself.
    logger = logging.getLogger("instructor")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.CRITICAL)

    async def create(*, by: Callable[[dict[str, Any]], Awaitable["Answer"]], **request: Any) -> "Answer":
        return await by(request)

    return instructor.patch(create=create, mode=instructor.Mode.JSON_SCHEMA)

"""Where answers can be recorded, or come from a recording: between the client and the network."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from extractor.settings import Endpoint


class Tape(Protocol):
    """Stands between a client and its server; sees what is asked and answered, and neither keys nor headers."""

    @property
    def endpoint(self) -> Endpoint | None:
        """The model whose answers it holds: then nothing is started or asked. None: it listens to the model chosen."""
        ...

    async def answer(self, request: Mapping[str, Any], ask: Callable[[], Awaitable[bytes]]) -> bytes:
        """The body of the answer to a chat request: the one that `ask` brings, or one that was recorded.

        Args:
            request: What is asked, as the JSON body will say it.
            ask: Asks the server, passing failures retried; raises what `Client.ask` does.
        """
        ...

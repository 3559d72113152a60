"""Events for programs that read logs: records of the standard library's logger `extractor`.

They are logged within `logged_to`, in place of the bars and lines that are shown else. A record's `event` is its kind,
and `fields` what it tells: what the lines hold, so ids and reasons of failures, and no keys.
"""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

_LOGGER = logging.getLogger("extractor")
_handlers: list[logging.Handler] = []


@contextmanager
def logged_to(handler: logging.Handler) -> Generator[None]:
    """Within, what happens goes to the handler as events, and nothing else is shown."""
    level = _LOGGER.level
    _LOGGER.addHandler(handler)
    _LOGGER.setLevel(logging.INFO)
    _handlers.append(handler)
    try:
        yield
    finally:
        _handlers.remove(handler)
        _LOGGER.setLevel(level)
        _LOGGER.removeHandler(handler)


def wanted() -> bool:
    """Whether events are logged."""
    return bool(_handlers)


def log(event: str, message: str, *, level: int = logging.INFO, **fields: Any) -> None:
    """Log one event: its kind, a line that says it, and its parts."""
    _LOGGER.log(level, message, extra={"event": event, "fields": fields})

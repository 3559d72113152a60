"""The beginning that many prompts share, read by the embedded model once and kept on disk.

Reading a prompt of 900 tokens takes two cores some 15 seconds; its state, loaded from disk, is there in 10
milliseconds. And a slot that is set to the same state before every series of calls answers them the same way each time.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from extractor.characters import shorten
from extractor.errors import ModelError
from extractor.llm.embedded import Running

KEPT = 16
"""How many prefixes stay on disk: 28 kB a token each. The one that was not used for longest goes first."""


def load_prefix(running: Running, messages: Sequence[dict[str, str]]) -> bool:
    """Makes the model know the beginning of a prompt, so that calls that begin like it read only the rest.

    Call it before each series of calls with a common beginning, and not while others run.

    Args:
        running: The embedded model's server.
        messages: The chat messages that the prompts begin with, as they will be sent.

    Returns:
        Whether it came from disk; else it was read now.

    Raises:
        ModelError: The server did not take it, as when it is too long.
    """
    import httpx2

    # No time limit: a long prefix takes minutes on one slow core. No proxies: this is loopback.
    address = running.base_url.removesuffix("/v1")
    headers = {"Authorization": f"Bearer {running.api_key}"}
    with httpx2.Client(base_url=address, headers=headers, timeout=None, trust_env=False) as client:
        name = hashlib.sha256(json.dumps(list(messages)).encode()).hexdigest()[:32]
        file = running.prefixes and _verified(running.prefixes, name)
        if file and all(_restore(client, slot, file) for slot in range(running.slots)):
            return True
        _read(client, messages)
        file = running.prefixes and _save(client, running.prefixes, name)
        if file:
            for slot in range(1, running.slots):  # the first one has read it
                _restore(client, slot, file)
        return False


def _read(client: Any, messages: Sequence[dict[str, str]]) -> None:
    body = {"messages": list(messages), "max_tokens": 1, "temperature": 0, "id_slot": 0}
    answer = client.post("/v1/chat/completions", json=body)
    if answer.status_code != 200:
        raise ModelError(f"the embedded model did not read the prompt's beginning: {shorten(answer.text)}")


def _save(client: Any, folder: Path, name: str) -> Path | None:
    new = folder / f"{name}.{secrets.token_hex(4)}"
    answer = client.post("/slots/0?action=save", json={"filename": new.name})
    # A full disk shows only in a file that is too short; the next process then reads the prefix itself.
    if answer.status_code != 200 or answer.json()["n_written"] != new.stat().st_size:
        new.unlink(missing_ok=True)
        return None
    file = new.rename(folder / f"{name}-{_sha256(new)}.state")
    # Folders beside this one hold states of other versions and settings.
    states = sorted(folder.parent.glob("*/*"), key=_last_use, reverse=True)
    for old in states[KEPT:]:
        old.unlink(missing_ok=True)
    return file


def _restore(client: Any, slot: int, file: Path) -> bool:
    answer = client.post(f"/slots/{slot}?action=restore", json={"filename": file.name})
    return answer.status_code == 200


def _verified(folder: Path, name: str) -> Path | None:
    """The saved state, if it is whole: from half a file llama.cpp would not fail but end the process."""
    for file in folder.glob(f"{name}-*.state"):
        with suppress(FileNotFoundError):  # another process tidied up
            if file.stem.endswith(_sha256(file)):
                file.touch()
                return file
            file.unlink()
    return None


def _last_use(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:  # another process tidied up
        return 0.0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

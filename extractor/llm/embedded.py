"""The embedded model: llama.cpp's server inside this process, on this machine's loopback interface only."""

import atexit
import ctypes
import hashlib
import os
import secrets
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from extractor.errors import ModelError, SettingsError
from extractor.llm.pinned import embedded_weights
from extractor.llm.weights import present, pull, weights_path
from extractor.progress import Progress, on_stderr
from extractor.settings import Endpoint

SLOT_TOKENS = 8192
"""How long prompt and answer of one call may be together."""

_HOST = "127.0.0.1"
_BATCH_TOKENS = 128  # read in one go, which nothing can interrupt: two seconds on two cores, and no slower than more
# Threads that spin while they wait for one another stand still where another process holds a core: two processes with
# a model each were ten times slower than one.
_SPINS = "2000"
_PROMPT_CACHE_MIB = 1024  # prompts kept in memory while a slot is lent to another; llama.cpp would take 8 GiB


@dataclass(frozen=True)
class Running:
    """The embedded model's server, up and waiting."""

    base_url: str
    """The address that `/chat/completions` is appended to."""
    api_key: str = field(repr=False)
    """Random, of this server alone."""
    model: str
    """The model's name as the server knows it."""
    context_tokens: int
    """How long prompt and answer of one call may be together, in tokens."""
    slots: int
    """How many calls are answered at the same time; more wait in line."""
    prefixes: Path | None = field(repr=False)
    """The folder of prompt prefixes that were read before; None where it cannot be written."""

    @property
    def endpoint(self) -> Endpoint:
        """Where and how to ask it."""
        return Endpoint(self.model, self.base_url, SecretStr(self.api_key), "embedded", self.context_tokens)


_lock = threading.Lock()
_held: tuple[Any, Running] | None = None


def start(progress: Progress | None = None) -> Running:
    """The embedded model's server, started at the first call and the same one afterwards.

    Weights that are not there yet are pulled first. The server ends with the process, or by `stop`. A forked child
    starts its own.

    Args:
        progress: Is told how a pull goes; standard error when left out.

    Raises:
        SettingsError: The extra `embedded` is not installed.
        WeightsError: The weights are not there and could not be had.
        ModelError: The server does not start.
    """
    global _held  # noqa: PLW0603  one server a process
    with _lock:
        if _held is None:
            _check_installed()
            if not present():
                progress = progress or on_stderr()
                progress.note("first use: the embedded model's weights are fetched once and kept")
                pull(progress=progress)
            _held = _launch(port=0, api_key=secrets.token_urlsafe(32))
            atexit.register(stop)
        return _held[1]


def stop() -> None:
    """Ends the server and frees its memory; harmless when none runs."""
    global _held  # noqa: PLW0603  as above
    with _lock:
        atexit.unregister(stop)
        if _held is not None:
            _hang_up(_held[1])
        _held = None  # the last reference: llama.cpp's own destructor closes the socket and joins its threads


def serve(*, port: int = 8080, api_key: str | None = None, progress: Progress | None = None) -> None:
    """Keeps a server running until Ctrl-C, and tells on standard error how to use it.

    Args:
        port: On the loopback interface; 0: any free one.
        api_key: What callers must send; a random one when left out.
        progress: Is told how a pull of the weights goes.

    Raises:
        SettingsError: The port is taken or may not be used, or the extra `embedded` is not installed.
        WeightsError: The weights are not there and could not be had.
        ModelError: The server does not start.
    """
    progress = progress or on_stderr()
    _check_installed()
    _check_port(port)
    if not present():
        pull(progress=progress)
    server, running = _launch(port=port, api_key=api_key or secrets.token_urlsafe(32))
    progress.note(
        f"{running.model} is served at {running.base_url}, {running.slots} at a time; Ctrl-C stops it. To use it:\n"
        f"  export EXTRACTOR_BASE_URL={running.base_url} EXTRACTOR_API_KEY={running.api_key}\n"
        "  extractor extract ARTICLE"
    )
    try:
        while True:  # in steps, since Windows hears no Ctrl-C in an endless wait
            threading.Event().wait(3600 if sys.platform != "win32" else 1)
    except KeyboardInterrupt:
        progress.note("stopped")
    finally:
        _hang_up(running)
        del server


def slots_for(cores: int) -> int:
    """How many calls to answer at a time: on few cores more of them only share the same speed, and answers vary."""
    return 1 if cores <= 3 else min(4, cores // 2)


def _launch(*, port: int, api_key: str) -> tuple[Any, Running]:
    llama: Any = import_module("xllamacpp")  # it and loky come without types
    loky: Any = import_module("loky")
    cores = loky.cpu_count(only_physical_cores=True)  # those that affinity and container leave to this process
    slots = slots_for(cores)
    weights = embedded_weights()
    path = weights_path()
    prefixes = _prefix_folder(path, slots)
    # After a crash llama.cpp would start a debugger where there is one, and print its whole trace.
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")

    params = llama.CommonParams()
    params.model.path = str(path)
    params.model_alias = {weights.name}
    params.hostnames = [_HOST]
    params.port = port  # 0: the system gives a free one, so that no other process can take it in between
    params.api_keys = [api_key]
    params.n_parallel = slots
    params.n_ctx = slots * SLOT_TOKENS
    params.cpuparams.n_threads = cores
    params.cpuparams_batch.n_threads = cores
    params.n_batch = params.n_ubatch = _BATCH_TOKENS
    params.cache_ram_mib = _PROMPT_CACHE_MIB
    params.slot_save_path = f"{prefixes}{os.sep}" if prefixes else ""
    params.ui = params.endpoint_metrics = params.endpoint_props = params.endpoint_slots = False
    params.warmup = False
    params.verbosity = 3 if os.environ.get("EXTRACTOR_DEBUG") else 0  # 0: llama.cpp writes nothing
    try:
        server = llama.Server(params)
    except RuntimeError as error:
        raise ModelError(
            f"the embedded model does not start from {path.name}: are 3 GB of memory free? "
            "(EXTRACTOR_DEBUG=1 shows what llama.cpp says)"
        ) from error
    return server, Running(f"{server.listening_address}/v1", api_key, weights.name, SLOT_TOKENS, slots, prefixes)


def _prefix_folder(path: Path, slots: int) -> Path | None:
    """Saved prefixes fit only the weights, settings and build of llama.cpp that they were made with."""
    made_with = f"{embedded_weights().sha256} {version('xllamacpp')} {slots} {SLOT_TOKENS}"
    folder = path.parent / "prefixes" / hashlib.sha256(made_with.encode()).hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a cache that is only read: prefixes are then read anew by each process
        return None
    return folder


def _check_installed() -> None:
    try:
        import_module("loky")
        os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)  # read when OpenMP's library is loaded
        import_module("xllamacpp")
    except ModuleNotFoundError as error:
        raise SettingsError(
            "the embedded model needs an extra: pip install 'incident-claim-extractor[embedded]' "
            "(or name another model: --model openai/NAME, or --base-url URL)"
        ) from error
    except ImportError as error:  # slim Linux images lack OpenMP's library
        raise SettingsError(
            f"xllamacpp cannot be loaded: {error} (libgomp.so.1 is in Debian's and Ubuntu's package libgomp1)"
        ) from error


def _check_port(port: int) -> None:
    if not 0 <= port <= 65535:
        raise SettingsError(f"port {port} cannot be used: ports go from 0 (any free one) to 65535")
    # llama.cpp does not say why it cannot start, and a taken port is the likeliest reason.
    try:
        with socket.create_server((_HOST, port)):
            return
    except OSError as error:
        raise SettingsError(f"port {port} of {_HOST} cannot be used: {error.strerror}") from error


def _hang_up(running: Running) -> None:
    """Breaks off the calls that are still open: the server would wait for them, and they for it, without end."""
    address = (_HOST, urlsplit(running.base_url).port)
    open_files = Path("/dev/fd")
    if not open_files.is_dir():  # on Windows callers must have hung up by themselves
        return
    for entry in list(open_files.iterdir()):
        with suppress(OSError):  # closed in between, or the socket that only listens
            fd = os.dup(int(entry.name))
            try:
                connection = socket.socket(fileno=fd)
            except OSError:
                os.close(fd)
                continue
            with connection:
                if connection.getsockname() == address and connection.getpeername():
                    connection.shutdown(socket.SHUT_RDWR)


def _forget_in_child() -> None:
    """A forked child has none of the server's threads: to end that server there would wait for them forever."""
    global _held, _lock
    if _held is not None:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(_held[0]))
    _held, _lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)

"""The cluster that a run is made on: one that is there, or one of this machine alone."""

from __future__ import annotations

import logging
import os
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from extractor.errors import ClusterFailed, SettingsError


@contextmanager
def connected(workers: int) -> Generator[Any]:
    """The module `ray`, connected to the cluster that `RAY_ADDRESS` names; without it, to one that ends with the run.

    A program that is connected already stays so.

    Raises:
        SettingsError: The extra `ray` is not installed.
        ClusterFailed: There is no cluster at that address, or none can be started here.
    """
    # Nothing leaves this machine unasked, and what a cluster tells its administrators is not for our user.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    try:
        ray: Any = import_module("ray")
        import_module("ray.data")
    except ImportError as error:
        raise SettingsError(
            "--engine ray needs Ray Data, which is not installed: pip install 'incident-claim-extractor[ray]'"
        ) from error
    if ray.is_initialized():
        yield ray
        return
    address = os.environ.get("RAY_ADDRESS")
    own = {} if address else {"address": "local", "num_cpus": workers, "include_dashboard": False}
    try:
        ray.init(log_to_driver=False, logging_level=logging.ERROR, **own)
    except Exception as error:  # Ray raises bare ones too
        where = f"no Ray cluster at RAY_ADDRESS={address}" if address else "Ray cannot be started here"
        raise ClusterFailed(f"{where}: {' '.join(str(error).split())}") from error
    try:
        yield ray
    finally:
        ray.shutdown()

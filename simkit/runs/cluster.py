"""Cluster: blocks computed by the workers of a Dask scheduler that is already there."""

from __future__ import annotations

import asyncio
import logging
import platform
import re
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from importlib import import_module
from typing import Any, TypeVar

from simkit.base.compiled import figures_digest
from simkit.base.errors import InputError, RunError, SimkitError

__all__ = ["Cluster"]

Task = TypeVar("Task")
Done = TypeVar("Done")

#: Seconds to wait for the scheduler, and for its first worker.
_PATIENCE = 10
_ADDRESS = re.compile(r"(tcp|tls)://[^\s/:]+:[0-9]+")


class Cluster:
    """Workers of a Dask scheduler. Only the function, once a worker, and tasks travel; results come back.

    Parameters
    ----------
    address : str
        Of the scheduler, such as `tcp://10.0.0.5:8786`; `tls://` where Dask's settings name certificates.

    Raises
    ------
    InputError
        Where Dask is not installed or has no certificates, there is no scheduler or no worker, or a worker has
        other code.
    """

    def __init__(self, address: str) -> None:
        if not _ADDRESS.fullmatch(address):
            raise InputError("error.no_address", address=address)
        try:
            dask: Any = import_module("distributed")  # its types do not hold
        except ImportError as error:
            raise InputError("error.no_dask", reason=error) from error
        for name in ("distributed", "distributed.client", "distributed.core", "distributed.comm"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what is lost is told by the error
        if address.startswith("tls://"):
            _check_tls(address, dask.Security)
        self.address = address
        try:
            self._client = dask.Client(address, timeout=_PATIENCE, set_as_default=False)
        except OSError as error:
            raise InputError("error.no_scheduler", address=address, reason=_first_line(error)) from error
        try:
            self._check_workers()
        except BaseException:
            self.close()
            raise

    def _check_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except (TimeoutError, OSError) as error:
            raise InputError("error.no_workers", address=self.address, seconds=_PATIENCE) from error

        def look() -> str:  # travels by value: a worker need not have this module
            try:
                from simkit.base.compiled import figures_digest

                return figures_digest()
            except Exception as error:
                return f"{type(error).__name__}: {error}"

        expected = figures_digest()
        for worker, found in self._client.run(look).items():
            if found != expected:
                raise InputError(
                    "error.other_code", worker=worker, expected=expected[:12], found=_short(found)
                )

    def map(self, function: Callable[[Task], Done], tasks: Sequence[Task]) -> Generator[Done, None, None]:
        """Results in the order of `tasks`.

        Raises
        ------
        RunError
            When scheduler or workers are lost; a worker that dies alone is replaced by the others.
        """
        if not tasks:
            return
        killed = import_module("distributed").KilledWorker
        futures: list[Any] = []
        try:
            held = self._client.scatter(_Held(function, figures_digest()), broadcast=True, hash=False)
            futures = [self._client.submit(_call, held, task, pure=False) for task in tasks]
            while futures:
                done = futures[0].result()
                futures.pop(0)  # the worker forgets it
                yield done
        except SimkitError:
            raise
        except (CancelledError, asyncio.CancelledError, killed, OSError) as error:
            raise RunError("error.cluster_lost", address=self.address, reason=_first_line(error)) from error
        finally:
            with suppress(Exception):
                self._client.cancel(futures, force=True)

    def close(self) -> None:
        """Leave the cluster; scheduler and workers go on."""
        with suppress(Exception):
            self._client.close(timeout=2)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _check_tls(address: str, security: Any) -> None:
    """Refuse a `tls://` address where Dask has no certificates: its client would fail with an error of types."""
    try:
        context = security().get_connection_args("client")["ssl_context"]
    except (OSError, ValueError) as error:  # a file that is not there, or is no certificate
        raise InputError("error.bad_tls", address=address, reason=_first_line(error)) from error
    if context is None:
        raise InputError("error.no_tls", address=address)


class _Held:
    """The function that a worker keeps, with the digest of the code that it was made by."""

    def __init__(self, function: Callable[[Any], Any], digest: str) -> None:
        self.function, self.digest = function, digest


def _call(held: _Held, task: Any) -> Any:
    """On a worker: a task, unless the worker joined later with other code."""
    if figures_digest() != held.digest:
        found = figures_digest()[:12]
        raise RunError("error.other_code", worker=platform.node(), expected=held.digest[:12], found=found)
    return held.function(task)


def _short(found: str) -> str:
    return found[:12] if len(found) == 64 else found


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__

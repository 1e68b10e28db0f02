"""Jupyter's server and kernel with what simkit needs otherwise; slow to import, so only when a server starts."""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager

__all__ = ["Kernel", "OwnKernel", "Server"]


class Server(ServerApp):
    """A server that reads no file of settings, ends at the first Ctrl-C and leaves nothing running."""

    def load_config_file(self, *_words: Any, **_named: Any) -> None:
        """Settings are those given: one file elsewhere could open the server to others."""

    def init_signal(self) -> None:
        """End at once, without a question; SIGHUP is the terminal's window being closed."""
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._end)

    def _end(self, *_words: Any) -> None:
        if not self._stopping:
            self.log.setLevel(logging.CRITICAL)  # what a page half made complains of is no news
            self.stop(from_signal=True)

    def start(self) -> None:
        """Serve until ended; then nothing of the loop goes on: a page half made would keep Python alive."""
        super().start()
        loop: asyncio.AbstractEventLoop = self.io_loop.asyncio_loop  # type: ignore[attr-defined]  # on every system
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        self.io_loop.close()


class OwnKernel(KernelSpecManager):
    """One kernel: the interpreter that runs, whatever kernels are installed on this computer."""

    def _kernel_dirs_default(self) -> list[str]:
        return []


class Kernel(ServerKernelManager):
    """A kernel whose last words, when it is ended at work, do not fill the user's terminal."""

    async def _async_launch_kernel(self, kernel_cmd: list[str], **named: Any) -> None:
        await super()._async_launch_kernel(kernel_cmd, **named, stderr=subprocess.DEVNULL)

"""Running a page's notebook in a warm kernel, with Voilà's renderer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import nbformat
from voila.execute import VoilaExecutor
from voila.notebook_renderer import NotebookRenderer

from kb.serve.kernels import Session, environment_code
from kb.views.page import FAILED, PAGE_MIME


class KernelFault(Exception):
    """A kernel could not show its page; `reason` says why, without what was asked."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PageRenderer(NotebookRenderer):
    """Voilà's renderer over a kernel that is already connected; it also remembers the status the page deserves.

    `request` holds CGI-style variables (QUERY_STRING, ...) that the notebook reads as it would under plain Voilà.
    """

    def __init__(self, session: Session, request: dict[str, str], notebook: Path, **kwargs: Any) -> None:
        super().__init__(notebook_path=notebook.name, **kwargs)
        self.session = session
        self.request = request
        self.file = notebook
        self.status = FAILED.status
        self.fault = ""
        """What the kernel says went wrong in the page, and where."""

    async def load_notebook(self, path: str) -> Any:
        """Read the file ourselves: Jupyter's contents manager would keep signatures of notebooks in the user's home."""
        return nbformat.read(self.file, as_version=4)  # type: ignore[no-untyped-call]

    async def _jinja_kernel_start(self, nb: Any, kernel_id: str, kernel_future: Any) -> str:
        self.executor = VoilaExecutor(nb, km=kernel_future, config=self.traitlet_config, show_tracebacks=False)
        self.executor.kc = self.session.client
        self.executor.kc.execute(environment_code(self.request), silent=True, store_history=False)
        return kernel_id

    async def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> AsyncIterator[Any]:
        async for cell in super()._jinja_cell_generator(nb, kernel_id):
            for output in cell.get("outputs", []):
                page = output.get("data", {}).get(PAGE_MIME)
                if page is not None:
                    self.status = int(page["status"])
                    self.fault = str(page.get("fault", ""))
                elif output.get("output_type") == "error":
                    self.fault = str(output.get("ename", ""))  # its message may repeat what was asked
            yield cell

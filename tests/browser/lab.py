"""A real JupyterLab on a folder of its own, in a real Chromium: what the browser test and the benchmark drive."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

CHROMIUM_ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
SETTINGS = {
    "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
    "notebook-extension/tracker": '{"windowingMode": "none"}',  # cells out of sight stay in the page
}
MINUTE = 60_000  # milliseconds

NOTEBOOK = "const notebook = window.jupyterapp?.shell.currentWidget;"
IDLE = f"() => {{ {NOTEBOOK} return notebook?.sessionContext?.session?.kernel?.status === 'idle' }}"
CELLS = f"() => {{ {NOTEBOOK} return Array.from(notebook.content.model.cells).map(cell => cell.toJSON()) }}"
CLEAR = "() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')"  # a promise: playwright waits
RUN_ALL = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }"
ALL_RAN = f"""() => {{ {NOTEBOOK} return notebook.sessionContext.session.kernel.status === 'idle' &&
    Array.from(notebook.content.model.cells).every(
        cell => cell.type !== 'code' || !cell.sharedModel.getSource().trim() || cell.executionCount !== null) }}"""


def find_chromium() -> str | None:
    """Return the path of an installed Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


class Lab:
    """A server and a page; `with Lab() as lab:` starts both and stops both."""

    def __init__(self, *, width: int = 1280, height: int = 1400) -> None:
        self._size = {"width": width, "height": height}
        self.page_errors: list[str] = []

    def __enter__(self) -> "Lab":
        from playwright.sync_api import sync_playwright

        self.root = Path(tempfile.mkdtemp(prefix="descent-lab-"))
        self._token, self._port = secrets.token_hex(8), _free_port()
        self._log = open(self.root / "server.log", "w+")  # noqa: SIM115, closed in __exit__
        self._server = self._playwright = None
        try:
            self._server = self._start_server()
            self._playwright = sync_playwright().start()
            self._browser = self._playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGS)
            self.page = self._browser.new_page(viewport=self._size, device_scale_factor=2)
            self.page.on("pageerror", lambda error: self.page_errors.append(str(error)))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._playwright:
            self._playwright.stop()  # takes the browser with it
        if self._server:
            os.killpg(self._server.pid, signal.SIGTERM)  # a group of its own: the server and its kernels
            try:
                self._server.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self._server.pid, signal.SIGKILL)
        self._log.close()
        shutil.rmtree(self.root, ignore_errors=True)

    def _start_server(self) -> subprocess.Popen[bytes]:
        """Start JupyterLab with folders of its own and wait until it answers."""
        folders = {f"JUPYTER_{name}_DIR": str(self.root / f".{name.lower()}") for name in ("CONFIG", "DATA", "RUNTIME")}
        for name, text in SETTINGS.items():
            path = self.root / f".config/lab/user-settings/@jupyterlab/{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        command = [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
            f"--port={self._port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={self._token}",
            f"--ServerApp.root_dir={self.root}", "--LabApp.expose_app_in_browser=True",
        ]  # fmt: skip
        environment = {**os.environ, **folders, "IPYTHONDIR": str(self.root / ".ipython")}
        server = subprocess.Popen(
            command, cwd=self.root, env=environment, stdout=self._log, stderr=self._log, start_new_session=True
        )
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and server.poll() is None:
            try:
                urllib.request.urlopen(self._url("api"), timeout=2).close()
                return server
            except OSError:
                time.sleep(0.1)  # between two questions to the server
        self._server = server
        self._log.seek(0)
        raise RuntimeError(f"JupyterLab did not answer within 90 s. The end of its log:\n{self._log.read()[-2000:]}")

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._port}/{path}?reset&token={self._token}"

    def open(self, notebook: Path) -> None:
        """Open a copy of the notebook alone on the page and wait for its kernel."""
        shutil.copy(notebook, self.root / notebook.name)
        self.page.goto(self._url(f"doc/tree/{notebook.name}"))
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=MINUTE)
        self.page.wait_for_function(IDLE, timeout=MINUTE)

    def run_all(self) -> None:
        """Clear what is stored, run all cells and wait for the last one."""
        self.page.evaluate(CLEAR)
        self.page.evaluate(RUN_ALL)
        self.page.wait_for_function(ALL_RAN, timeout=5 * MINUTE)

    def cells(self) -> list[dict[str, Any]]:
        """Return the cells as they stand in the page, with sources and outputs, as notebook JSON."""
        return self.page.evaluate(CELLS)

    def find_cell(self, text: str) -> int:
        """Return the number of the only code cell whose source contains the text."""
        found = [i for i, c in enumerate(self.cells()) if c["cell_type"] == "code" and text in "".join(c["source"])]
        if len(found) != 1:
            raise LookupError(f"{len(found)} code cells contain {text!r}, expected one.")
        return found[0]

    def answer(self, number: int, source: str) -> str:
        """Type over a cell, run it by keyboard and return the text that it prints."""
        count = self.cells()[number]["execution_count"]
        editor = self.page.locator(".jp-Cell").nth(number).locator(".cm-content")
        editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Control+Enter")
        ran = f"""([number, before]) => {{ {NOTEBOOK}
            const cell = Array.from(notebook.content.model.cells)[number];
            return cell.executionCount !== null && cell.executionCount !== before &&
                notebook.sessionContext.session.kernel.status === 'idle' }}"""
        self.page.wait_for_function(ran, arg=[number, count], timeout=MINUTE)
        return output_text(self.cells()[number])

    def explorer(self, title: str) -> Any:
        """Return the locator of the explorer with this title, once its picture is there."""
        explorer = self.page.locator(".descent-explorer", has_text=title).first
        explorer.scroll_into_view_if_needed(timeout=MINUTE)
        image = explorer.locator("img").element_handle()
        self.page.wait_for_function("img => img.complete && img.naturalWidth > 1", arg=image, timeout=MINUTE)
        return explorer


def output_text(cell: dict[str, Any]) -> str:
    """Return what a cell printed and displayed as text."""
    parts = [out.get("text") or out.get("data", {}).get("text/plain") or "" for out in cell.get("outputs", [])]
    return "\n".join("".join(part) for part in parts)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]

"""Open JupyterLab on the course: quiet, on this computer only, with the first notebook in front.

JupyterLab is made for people who already know it. This module starts it for people who do not: no news, no
update check, no question about kernels, nothing in the file pane but the lessons. What the lab shows is set in
``labsettings/``, which is also installed where any JupyterLab of this environment finds it, so that a lab
started in another way (Binder, ``jupyter lab``) is as quiet as this one.

The lab keeps its own folder (:func:`home`), so it neither reads nor changes the settings of another Jupyter on
the same computer.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course import record
from course.errors import CourseError

#: The notebook that is in front when the lab opens.
WELCOME = "00-welcome.ipynb"

#: Where the lab listens, if nothing else does.
PORT = 8888

_SETTINGS = Path(__file__).resolve().with_name("labsettings")

# The windows of a new sitting: the file pane wide enough for the names of the lessons, the rest as ever.
_WINDOWS = {
    "metadata": {"id": "default"},
    "data": {
        "layout-restorer:data": {
            "main": {"dock": None},
            "left": {"collapsed": False, "visible": True, "current": "filebrowser", "widgets": ["filebrowser"]},
            "right": {"collapsed": True, "visible": True, "widgets": []},
            "relativeSizes": [0.24, 0.76, 0],
            "top": {"simpleVisibility": True},
        }
    },
}

# Left in place, these would change how the lab starts.
_OTHER_SETTINGS = ("JUPYTER_NO_CONFIG", "JUPYTER_TOKEN", "JUPYTER_PORT", "JUPYTERHUB_SERVICE_URL")


class LabError(CourseError):
    """The lab cannot open; the message says why and what to do."""


@dataclass(frozen=True)
class RunningLab:
    """A lab that is running already.

    Attributes
    ----------
    address : str
        What to put in a browser, password token included.
    process : int
        Number of the process that serves it.
    """

    address: str
    process: int


def home() -> Path:
    """Return the folder in which the lab keeps its own settings and run files.

    Returns
    -------
    pathlib.Path
        The folder ``lab`` beside the learner's record. It may not exist yet.

    Examples
    --------
    >>> home().name
    'lab'
    """
    return record.open().folder / "lab"


def environment(folder: Path) -> dict[str, str]:
    """Return the settings that keep Jupyter, and the kernels it starts, inside one folder.

    Another Jupyter on the same computer may have its own ideas about kernels, startup files and looks. With these
    settings it is neither read nor changed.

    Parameters
    ----------
    folder : pathlib.Path
        Where Jupyter's settings and run files go. It should exist: a kernel uses a passing folder otherwise.

    Returns
    -------
    dict of str to str
        Environment variables.

    Examples
    --------
    >>> sorted(environment(Path("lab")))[:2]
    ['IPYTHONDIR', 'JUPYTERLAB_DIR']
    """
    return {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_CONFIG_PATH": "",
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_PATH": "",
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_DIR": "",
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_PREFER_ENV_PATH": "1",  # this environment's kernel before any other of the computer
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # or each kernel prints a warning for programmers
    }


def notebooks_folder() -> Path:
    """Return the folder that the lab shows.

    Returns
    -------
    pathlib.Path
        ``notebooks/`` of the repository, beside the package; or the folder that the environment variable
        ``LOOK_TWICE_NOTEBOOKS`` names, as for a teacher's own selection.

    Examples
    --------
    >>> notebooks_folder().is_absolute()
    True
    """
    chosen = os.environ.get("LOOK_TWICE_NOTEBOOKS")
    return Path(chosen).resolve() if chosen else Path(__file__).resolve().parent.parent / "notebooks"


def clear_outputs(notebook: Path) -> bool:
    """Take the results of an earlier sitting out of a notebook; its words and cells stay.

    A widget lives as long as its kernel. The output it leaves in the file shows only an error the next time, so
    the lab starts from clean pages.

    Parameters
    ----------
    notebook : pathlib.Path
        A notebook file (nbformat 4).

    Returns
    -------
    bool
        True if there was something to clear. If not, the file is left untouched.

    Raises
    ------
    LabError
        If the file is not a notebook.

    Examples
    --------
    >>> import json, tempfile
    >>> cell = {"cell_type": "code", "source": "1 + 1", "execution_count": 1, "outputs": [{}], "metadata": {}}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = Path(folder, "page.ipynb")
    ...     _ = page.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    ...     clear_outputs(page), clear_outputs(page)
    (True, False)
    """
    # nbformat would do this too, but importing it takes seconds that the learner waits for.
    try:
        pages = json.loads(notebook.read_text(encoding="utf-8"))
        code = [cell for cell in pages["cells"] if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError) as error:
        raise LabError(
            f"{notebook.name} is damaged and cannot be read as a notebook. Put a fresh copy in its place."
        ) from error
    used = [cell for cell in code if cell.get("outputs") or cell.get("execution_count") is not None]
    for cell in used:
        cell["outputs"] = []
        cell["execution_count"] = None
    if used:
        _replace(notebook, json.dumps(pages, ensure_ascii=False, indent=1) + "\n")
    return bool(used)


def find_running(notebooks: Path | None = None) -> RunningLab | None:
    """Look for a lab that shows the same notebooks and answers.

    Parameters
    ----------
    notebooks : pathlib.Path, optional
        The folder the lab was opened on; by default `notebooks_folder`.

    Returns
    -------
    RunningLab or None
        The lab, or None if there is none.
    """
    folder = notebooks.resolve() if notebooks else notebooks_folder()
    for note in sorted((home() / "runtime").glob("jpserver-*.json")):
        try:
            server = json.loads(note.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, FileNotFoundError):
            continue  # being written or removed at this moment: not running yet, or no longer
        if Path(server["root_dir"]) != folder:
            continue
        if _answers(server["url"], server["token"]):
            return RunningLab(_address(server["url"], server["token"]), server["pid"])
        note.unlink(missing_ok=True)  # left behind by a crash
    return None


def start(
    notebooks: Path | None = None,
    *,
    port: int = PORT,
    browser: bool = True,
    say: Callable[[str], None] = print,
) -> None:
    """Open the lab and stay until Ctrl+C.

    Parameters
    ----------
    notebooks : pathlib.Path, optional
        The folder to show; by default `notebooks_folder`.
    port : int, optional
        Where to listen. If another program listens there, the next free one is taken.
    browser : bool, optional
        Whether to open a browser window.
    say : callable, optional
        Takes each sentence for the learner.

    Raises
    ------
    LabError
        If the folder holds no welcome notebook, the lab's own folder cannot be written, or no port is free.
    """
    notebooks = notebooks.resolve() if notebooks else notebooks_folder()
    if not (notebooks / WELCOME).is_file():
        raise LabError(
            f"There is no {WELCOME} in {notebooks}. Start the course from a complete copy of its repository."
        )
    for page in sorted(notebooks.glob("*.ipynb")):
        try:
            clear_outputs(page)
        except LabError as error:
            say(str(error))  # the other lessons can still be read
        except OSError as error:
            say(f"Results of the last sitting stay in {page.name}: it cannot be written ({error.strerror}).")
    _keep_to_own_folder()
    # The check of a kind of address that no schema of Jupyter's contains. jsonschema does without it where it is
    # not installed, and building its grammar takes two of the seconds that the learner waits.
    sys.modules.setdefault("rfc3987_syntax", None)

    import zmq
    from jupyter_server.serverapp import ServerApp
    from jupyterlab_server.workspaces_handler import WorkspacesManager
    from traitlets.config import Config

    # Page and kernel encrypt what they say to each other where the system can; a kernel warns if they do not.
    encryption = "auto" if zmq.has("curve") else "disabled"
    token = secrets.token_hex(24)
    server = ServerApp.instance(
        jpserver_extensions={"jupyterlab": True},
        config=Config(KernelManager={"transport_encryption": encryption}),
    )
    WorkspacesManager(str(home() / "workspaces")).save("default", json.dumps(_WINDOWS))
    server.initialize(argv=_options(notebooks, _free_port(port), token), find_extensions=False, starter_extension="lab")

    async def close() -> None:
        # A kernel that is asked to stop while it starts prints a page of errors, so none is asked. Each answer is
        # on the disk before it is acknowledged: there is nothing to wait for.
        for kernel in server.kernel_manager.list_kernel_ids():
            manager = server.kernel_manager.get_kernel(kernel)
            if manager.has_kernel:
                await manager.provisioner.kill()
        server.stop()

    def stop(*_: object) -> None:
        server.io_loop.add_callback(close)

    # JupyterLab asks "Shut down this server (y/[n])?"; here Ctrl+C is the answer already.
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):  # the last one is Windows's
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)

    async def welcome() -> None:
        address = _address(server.connection_url, token)
        if server.port != port:
            say(f"Port {port} is in use by another program, so the course took port {server.port}.")
        say(f"Look Twice is open at\n\n    {address}\n\nLeave this window open. To stop, press Ctrl+C here.")
        if browser:
            # In a thread: a browser that runs in the terminal would hold up the server.
            threading.Thread(target=show, args=(address,), kwargs={"say": say}, daemon=True).start()
        # The kernel starts while the page loads, and the page then joins it instead of asking for one.
        await server.session_manager.create_session(path=WELCOME, name=WELCOME, type="notebook", kernel_name="python3")

    server.io_loop.add_callback(welcome)
    server.start()
    say("\nThe course is closed. Your answers are saved.")


def show(address: str, *, say: Callable[[str], None] = print) -> None:
    """Open a browser window on an address, or say that it has to be done by hand.

    Parameters
    ----------
    address : str
        What to open.
    say : callable, optional
        Takes the sentence for the learner.
    """
    if not webbrowser.open(address):
        say("No browser could be opened from here. Copy the address into one.")


def _keep_to_own_folder() -> None:
    """Point Jupyter to the lab's own folder, and set out the windows afresh."""
    own = home()
    workspaces = own / "workspaces"
    try:
        workspaces.mkdir(parents=True, exist_ok=True)
        (own / "ipython").mkdir(exist_ok=True)
        # A new sitting opens on the welcome notebook, not on the windows of the last one.
        for workspace in workspaces.glob("*.jupyterlab-workspace"):
            workspace.unlink(missing_ok=True)
    except OSError as error:
        raise LabError(
            f"The folder {own} cannot be written ({error.strerror}). Free some space there or allow writing; "
            "or name another folder in the environment variable LOOK_TWICE_HOME."
        ) from error
    os.environ.update(environment(own))
    for name in _OTHER_SETTINGS:
        os.environ.pop(name, None)


def _free_port(first: int) -> int:
    """Return the first port from `first` on where nothing listens."""
    last = min(first + 50, 65535)
    for port in range(first, last + 1):
        with socket.socket() as test:
            if os.name != "nt":  # where it would let two programs share a port
                test.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                test.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    other = 9000 if first < 9000 else 20000
    raise LabError(f"No port from {first} to {last} is free. Try others, as in: uv run course --port {other}")


def _options(notebooks: Path, port: int, token: str) -> list[str]:
    """Return the server's options. Given this way, they win over any configuration file."""
    import zmq

    return [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={notebooks}",
        "--ServerApp.open_browser=False",
        "--ServerApp.allow_root=True",  # as in a container or a class room server
        "--Application.log_level=ERROR",
        f"--IdentityProvider.token={token}",
        # Other users of a shared computer could listen to an open line; where none can be had, say nothing.
        f"--KernelManager.transport_encryption={'auto' if zmq.has('curve') else 'disabled'}",
        f"--LabApp.app_settings_dir={_SETTINGS}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]


def _address(url: str, token: str) -> str:
    return f"{url}lab/tree/{WELCOME}?token={token}"


def _answers(url: str, token: str) -> bool:
    """Tell whether the server with this token is there, and not another on the same port."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a school's proxy has no part in this
    request = urllib.request.Request(f"{url}api/status", headers={"Authorization": f"token {token}"})
    try:
        with direct.open(request, timeout=3) as reply:
            return reply.status == 200
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _replace(file: Path, text: str) -> None:
    """Write `text` beside `file` and move it there, so that a crash leaves the one or the other, whole."""
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        Path(draft).chmod(file.stat().st_mode)
        Path(draft).replace(file)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise

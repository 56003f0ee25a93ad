"""Open JupyterLab on the course: quiet, on this computer only, with the first notebook in front.

JupyterLab is made for people who already know it. This module starts it for people who do not: no news, no
update check, no question about kernels, nothing in the file pane but the lessons. What the lab shows is set in
``labsettings/``, and what it does besides (room in a narrow window, the way Back) in ``labextensions/``. Both are also
installed where any JupyterLab of this environment finds them, so that a lab started in another way (Binder, ``jupyter
lab``) is as quiet as this one.

The lab keeps its own folder (:func:`home`), so it neither reads nor changes the settings of another Jupyter on
the same computer. It shows the learner's own copies of the pages (`course.pages`), never the pages of the course.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import signal
import socket
import stat
import sys
import tempfile
import threading
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from course import pages, record
from course.errors import CourseError
from course.pages import WELCOME
from course.record.lock import locked
from course.trouble import in_words

#: Where the lab listens, if nothing else does.
PORT = 8888

#: Seconds that one start waits for another one to get through.
PATIENCE = 90.0

# What Jupyter writes while it starts, and some more: kernels keep files of their own.
_ROOM = 1 << 20  # bytes

_SETTINGS = Path(__file__).resolve().with_name("labsettings")
_EXTENSIONS = Path(__file__).resolve().with_name("labextensions")

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


@contextmanager
def one_at_a_time(patience: float = PATIENCE) -> Iterator[None]:
    """Keep other starts of the course waiting while one looks for a lab that runs, or opens one.

    Parameters
    ----------
    patience : float, optional
        Seconds to wait for another start.

    Raises
    ------
    LabError
        If another start takes longer, or the lab's own folder cannot be written.

    Examples
    --------
    >>> with one_at_a_time():
    ...     find_running() is None
    True
    """
    with ExitStack() as held:
        with _writing():
            home().mkdir(parents=True, exist_ok=True)
            descriptor = os.open(home() / "starting", os.O_RDWR | os.O_CREAT, 0o600)
            held.callback(os.close, descriptor)
        try:
            held.enter_context(locked(descriptor, patience=patience))
        except TimeoutError as error:
            raise LabError(
                "The course is being opened in another window, and that takes long. Wait until it is there, then run "
                "this command again."
            ) from error
        yield


def find_running() -> RunningLab | None:
    """Look for a lab that shows the same pages and answers.

    Returns
    -------
    RunningLab or None
        The lab, or None if there is none.
    """
    shown = pages.folder()
    for note in sorted(note for runtime in _runtimes() for note in runtime.glob("jpserver-*.json")):
        try:
            server = json.loads(note.read_text(encoding="utf-8"))
            if Path(server["root_dir"]) != shown:
                continue
            url, token, process = server["url"], server["token"], server["pid"]
        except (ValueError, LookupError, TypeError, OSError):
            continue  # being written or removed at this moment: not running yet, or no longer
        if _answers(url, token):
            return RunningLab(_address(url, token), process)
        with suppress(OSError):
            note.unlink()  # left behind by a crash
    return None


def start(
    *,
    port: int = PORT,
    browser: bool = True,
    say: Callable[[str], None] = print,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Open the lab on the learner's copies of the pages, and stay until Ctrl+C.

    Parameters
    ----------
    port : int, optional
        Where to listen. If another program listens there, the next free one is taken.
    browser : bool, optional
        Whether to open a browser window.
    say : callable, optional
        Takes each sentence for the learner.
    ready : callable, optional
        Called once the lab answers.

    Raises
    ------
    LabError
        If the pages of the course are not there, the lab's own folder cannot be written, or no port is free.
    PageError
        If the learner's copies of the pages cannot be written.
    """
    source = pages.shipped()
    if not (source / WELCOME).is_file():
        raise LabError(f"There is no {WELCOME} in {source}. Start the course from a complete copy of its repository.")
    for sentence in pages.lay_out(source):
        say(sentence)
    if not _keep_to_own_folder():
        say(
            "No folder here can be kept from other people who use this computer now. If there are any, they might "
            "open your course."
        )
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
        config=Config(
            KernelManager={"transport_encryption": encryption},
            # Made anew each time, it needs no file. The address holds a token of its own, so no window is shut out.
            ServerApp={"cookie_secret": secrets.token_bytes(32)},
        ),
    )
    server.no_browser_open_file = True  # a page that only Jupyter itself would open
    with _writing():
        WorkspacesManager(str(home() / "workspaces")).save("default", json.dumps(_WINDOWS))
    options = _options(pages.folder(source), _free_port(port), token)
    server.initialize(argv=options, find_extensions=False, starter_extension="lab")

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
        ready()
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


def make_sure_of_room(folder: Path, size: int = _ROOM) -> None:
    """Find out now whether a drive has room. Jupyter would fail at each file in a way of its own.

    Parameters
    ----------
    folder : pathlib.Path
        Where to look; it exists.
    size : int, optional
        Bytes that should be free.

    Raises
    ------
    OSError
        There is no room, or the folder cannot be written.

    Examples
    --------
    >>> make_sure_of_room(Path(tempfile.gettempdir()), 1024)
    """
    trial = folder / f".{secrets.token_hex(8)}"
    try:
        with trial.open("wb") as out:
            for start in range(0, size, _ROOM):
                out.write(bytes(min(_ROOM, size - start)))
    finally:
        trial.unlink(missing_ok=True)


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


def _keep_to_own_folder() -> bool:
    """Point Jupyter to the lab's own folder, and set out the windows afresh. Tell whether its keys are kept secret."""
    own = home()
    workspaces = own / "workspaces"
    with _writing():
        workspaces.mkdir(parents=True, exist_ok=True)
        (own / "ipython").mkdir(exist_ok=True)
        # A new sitting opens on the welcome notebook, not on the windows of the last one.
        for workspace in workspaces.glob("*.jupyterlab-workspace"):
            workspace.unlink(missing_ok=True)
        make_sure_of_room(own)
    os.environ.update(environment(own))
    for name in _OTHER_SETTINGS:
        os.environ.pop(name, None)
    secret = next((runtime for runtime in _runtimes() if _is_private(runtime)), None)
    if secret:
        os.environ["JUPYTER_RUNTIME_DIR"] = str(secret)
        return True
    # Jupyter then takes any folder, and says so in a warning for programmers.
    from jupyter_core import paths

    paths.allow_insecure_writes = True
    paths.issue_insecure_write_warning = lambda: None
    return False


def _runtimes() -> list[Path]:
    """Where the addresses and keys of a lab may lie: beside the record if that drive can keep them from others."""
    own = home()
    name = f"look-twice-{hashlib.sha256(str(own).encode()).hexdigest()[:12]}"
    return [own / "runtime", Path(tempfile.gettempdir()) / name]


def _is_private(folder: Path) -> bool:
    """Whether a folder can be made, and files in it can be kept from other users, as Jupyter wants it of its keys."""
    trial = folder / f".{secrets.token_hex(8)}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "nt":
            from jupyter_core.paths import win32_restrict_file_to_user

            trial.touch()
            win32_restrict_file_to_user(str(trial))
            return True
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            return False  # somebody else's, in a folder for all
        trial.touch(mode=0o600)
        return stat.S_IMODE(trial.stat().st_mode) & 0o6677 == 0o600
    except Exception:  # Windows has errors of its own kind here; whatever it is, nothing secret is put there
        return False
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)


@contextmanager
def _writing() -> Iterator[None]:
    """Say in one sentence why the lab's own folder cannot be written."""
    try:
        yield
    except OSError as error:
        raise LabError(
            f"The course cannot write into its folder {home()}. {in_words(error) or f'({error.strerror}.)'} The "
            "environment variable LOOK_TWICE_HOME can name another folder."
        ) from error


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


def _options(shown: Path, port: int, token: str) -> list[str]:
    """Return the server's options. Given this way, they win over any configuration file."""
    import zmq

    return [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={shown}",
        "--ServerApp.open_browser=False",
        "--ServerApp.allow_root=True",  # as in a container or a class room server
        # What Jupyter has to say of itself is for whoever works on the course: a page that is closed too soon, say.
        f"--Application.log_level={'ERROR' if os.environ.get('LOOK_TWICE_TRACEBACKS') else 'CRITICAL'}",
        f"--IdentityProvider.token={token}",
        # Other users of a shared computer could listen to an open line; where none can be had, say nothing.
        f"--KernelManager.transport_encryption={'auto' if zmq.has('curve') else 'disabled'}",
        f"--LabApp.app_settings_dir={_SETTINGS}",
        f"--LabApp.extra_labextensions_path={_EXTENSIONS}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--LabApp.expose_app_in_browser=True",  # so that a page which is put back can be loaded afresh
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

"""Pin the versions that the course is tested with, where `uv run course` and pip both find them.

    uv run python tools/pin_versions.py            look for newer versions, and pin them
    uv run python tools/pin_versions.py --check    say whether the two places agree

uv reads its pins from ``constraint-dependencies`` in ``pyproject.toml``; Binder and pip read ``requirements.lock``.
Both are written from one solution of uv's for all systems. uv's own lock file stays out of git: it names the registry
it was made from.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
LOCK = ROOT / "requirements.lock"

HEAD = "# Written by tools/pin_versions.py: what Binder and pip install is what the tests ran with.\n"
_TABLE = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.M | re.S)


def pins(text: str) -> list[str]:
    """The pins in the text of a requirements file, in order, each with the systems that it is for.

    Examples
    --------
    >>> pins("# made by uv\\nav==18.1.0\\n    # via look-twice\\nappnope==1.0.0 ; sys_platform == 'darwin'\\n")
    ['av==18.1.0', "appnope==1.0.0 ; sys_platform == 'darwin'"]
    """
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def constraints(project: str) -> list[str]:
    """The pins in the text of ``pyproject.toml``."""
    return tomllib.loads(project)["tool"]["uv"].get("constraint-dependencies", [])


def with_constraints(project: str, wanted: list[str]) -> str:
    """The text of ``pyproject.toml`` with other pins.

    Examples
    --------
    >>> print(with_constraints("[tool.uv]\\nconstraint-dependencies = [\\n]\\n", ["av==18.1.0"]), end="")
    [tool.uv]
    constraint-dependencies = [
      "av==18.1.0",
    ]
    """
    table = "constraint-dependencies = [\n" + "".join(f'  "{one}",\n' for one in wanted) + "]\n"
    return _TABLE.sub(lambda _: table, project, count=1)


def _uv(*words: str) -> str:
    return subprocess.run(("uv", *words), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def _exported(*more: str) -> list[str]:
    plain = ("--no-hashes", "--no-emit-project", "--no-annotate", "--no-header", "--frozen")
    return pins(_uv("export", "--quiet", "--format", "requirements-txt", *plain, *more))


def main(words: list[str]) -> int:
    """Pin anew, or check. Returns 0 if the two places agree."""
    if words == ["--check"]:
        missing = set(pins(LOCK.read_text(encoding="utf-8"))) - set(constraints(PROJECT.read_text(encoding="utf-8")))
        for one in sorted(missing):
            print(f"{one} is in requirements.lock and not in pyproject.toml: run tools/pin_versions.py")
        return 1 if missing else 0
    before = PROJECT.read_text(encoding="utf-8")
    PROJECT.write_text(with_constraints(before, []), encoding="utf-8")
    try:
        _uv("lock", "--upgrade", "--quiet")
        everything, learners = _exported(), _exported("--no-dev")
    except BaseException:
        PROJECT.write_text(before, encoding="utf-8")
        raise
    PROJECT.write_text(with_constraints(before, everything), encoding="utf-8")
    LOCK.write_text(HEAD + "\n".join(learners) + "\n", encoding="utf-8")
    _uv("lock", "--quiet")
    print(f"{len(everything)} versions pinned, {len(learners)} of them for learners.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The table of how long the measurements take is made of what a run of the benchmarks writes."""

import importlib.util
import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _script():
    spec = importlib.util.spec_from_file_location("look_twice_speed", ROOT / "data" / "forensics" / "speed.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


speed = _script()
HASH, PEER = "test_hashes.py::test_hash", "test_hashes.py::test_hash_against_imagehash"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A real run of one file of benchmarks, as short as can be."""
    file = tmp_path_factory.mktemp("speed") / "run.json"
    # On a busy machine a comparison may fail; what was measured is written all the same.
    command = [sys.executable, "-m", "pytest", "tests/benchmarks/test_hashes.py", "-p", "no:cacheprovider"]
    command += ["--benchmark-max-time=0.02", f"--benchmark-json={file}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert file.is_file(), done.stdout + done.stderr
    return json.loads(file.read_text(encoding="utf-8"))


def rows(text, name):
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return [row for row in cells if row[0] == f"`{name}`"]


def with_times(run, name, times, **extra):
    """The run, with other times for one benchmark, which is made of another where it is missing."""
    other = deepcopy(run)
    entry = deepcopy(other["benchmarks"][0])
    entry["fullname"], entry["extra_info"] = f"tests/benchmarks/{name}", extra
    entry["stats"] |= {"median": sorted(times)[len(times) // 2], "data": times, "rounds": len(times)}
    other["benchmarks"] = [b for b in other["benchmarks"] if not b["fullname"].endswith(name)] + [entry]
    return other


def test_a_real_run_gives_a_row_with_its_own_numbers(run):
    (entry,) = (b for b in run["benchmarks"] if b["fullname"].endswith(HASH))
    name, how, median, slow, budget, calls = rows(speed.table(run), "perceptual_hash")[0]
    assert (name, how, calls) == ("`perceptual_hash`", "", str(entry["stats"]["rounds"]))
    assert float(median) == pytest.approx(1e3 * entry["stats"]["median"], rel=0.05, abs=0.06)
    assert float(median) <= float(slow)
    assert budget.startswith("50, ")
    for fact in ("Python", "numpy", "OpenCV", "cores", run["datetime"][:10]):
        assert fact in speed.table(run)
    assert run["machine_info"]["node"] not in speed.table(run).split()


def test_the_slow_end_and_the_budget_by_hand(run):
    text = speed.table(with_times(run, HASH, [0.04] * 10 + [0.06] * 9))
    assert rows(text, "perceptual_hash")[0][2:] == ["40", "60", "50, met", "19"]
    text = speed.table(with_times(run, HASH, [0.051, 0.052, 0.053]))
    assert rows(text, "perceptual_hash")[0][4] == "50, **missed**"


def test_a_peer_that_took_longer_and_one_that_did_not(run):
    text = speed.table(with_times(run, PEER, [0.002, 0.002, 0.002], peer_median=0.009, ratio=4.5, wanted=3))
    assert rows(text, "perceptual_hash")[1][2:] == ["2.0", "9.0", "4.5", "3, met"]
    text = speed.table(with_times(run, PEER, [0.002, 0.002, 0.002], peer_median=0.004, ratio=2, wanted=3))
    assert rows(text, "perceptual_hash")[1][2:] == ["2.0", "4.0", "2.0", "3, **missed**"]


def test_a_missing_peer_is_said(run):
    without = deepcopy(run)
    without["benchmarks"] = [b for b in run["benchmarks"] if not b["fullname"].endswith(PEER)]
    without["machine_info"]["packages"]["imagehash"] = None
    assert rows(speed.table(without), "perceptual_hash")[1][1:3] == ["`phash` of imagehash", "not installed"]
    without["machine_info"]["packages"]["imagehash"] = "4.3"
    assert rows(speed.table(without), "perceptual_hash")[1][1:3] == ["`phash` of imagehash", "not run"]


def test_a_benchmark_without_a_budget_stands_under_its_own_name(run):
    text = speed.table(with_times(run, "test_new.py::test_something[3]", [0.1, 0.1]))
    assert rows(text, "something[3]") == [["`something[3]`", "", "100", "100", "", "2"]]


def test_no_benchmark_of_the_tables_is_gone():
    for name in (*speed.TIMED, *speed.COMPARED, speed.SHERLOQ_BESIDE):
        file, _, function = name.partition("::")
        source = (ROOT / "tests" / "benchmarks" / file).read_text(encoding="utf-8")
        assert f"def {function.partition('[')[0]}(" in source, name


def test_the_page_was_written_by_the_script():
    text = speed.PAGE.read_text(encoding="utf-8")
    assert text.startswith(speed.INTRODUCTION)
    assert speed.BESIDE in text
    for timed in (*speed.TIMED.values(), *speed.COMPARED.values()):
        assert rows(text, timed.name), timed.name
    assert [row[1] for row in rows(text, "read_mark")] == [t.how for t in speed.TIMED.values() if t.name == "read_mark"]

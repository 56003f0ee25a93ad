"""The promise of the record: a kernel killed at any moment loses no answer that was acknowledged."""

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from course import judgement
from course.record.store import Record

TRIALS = 200
AT_ONCE = 4

ITEMS = [f"item-{number:02}" for number in range(24)]
FORM = judgement.Form("a", tuple(ITEMS), "Form A")
TRUTH = {item: ("camera", "generated")[number % 2] for number, item in enumerate(ITEMS)}
KINDS = {item: ("clip", "still")[number // 2 % 2] for number, item in enumerate(ITEMS)}

# What a kernel does: take the trial up where the record left it, and answer, answer, answer.
CHILD = """
import sys
from course import judgement, record

name, folder, *items = sys.argv[1:]
form = judgement.Form("a", tuple(items), "Form A")
truth = {item: ("camera", "generated")[n % 2] for n, item in enumerate(items)}
kinds = {item: ("clip", "still")[n // 2 % 2] for n, item in enumerate(items)}
log = record.open(folder)
trial = judgement.Trial(form, truth, kinds, log.append, past=(event.data for event in log.events()))
if not trial.started:
    trial.start()
number = 0
while True:
    if trial.finished:
        trial.again()
    token = f"{name}/{number} " + "whose camera? " * (number % 40)
    trial.answer("camera", 50 + number % 51, next_check=token)
    sys.stdout.write(token.split()[0] + chr(10))
    sys.stdout.flush()
    number += 1
"""


def kill_one(number: int, folder: Path) -> list[str]:
    """Run one trial, kill it at a random moment, and return what it had acknowledged by then."""
    chance = random.Random(number)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, f"trial-{number}", str(folder), *ITEMS],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )
    try:
        heard = []
        if number % 5:
            for _ in range(chance.randrange(1, 80)):
                heard.append(child.stdout.readline())
            time.sleep(chance.random() * 0.003)
        else:  # killed while it starts, writes its first line, or soon after
            time.sleep(chance.random() * 0.4)
    finally:
        child.kill()  # SIGKILL; on Windows, TerminateProcess
    heard += child.stdout.readlines()
    child.stdout.close()
    code = child.wait(30)
    assert code == (1 if os.name == "nt" else -9), f"trial {number} ended by itself"
    return [line.decode("utf-8").strip() for line in heard if line.endswith(b"\n")]


def saved(log: Record) -> list[str]:
    return [event.data["next_check"].split()[0] for event in log.events("trial.answer")]


def test_no_acknowledged_answer_is_lost_when_the_kernel_is_killed(tmp_path):
    # Every other trial has a record of its own; the others share one by tens, as two open notebooks do.
    folders = [tmp_path / (f"shared-{number // 20}" if number % 2 else f"own-{number}") for number in range(TRIALS)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        acknowledged = list(pool.map(kill_one, range(TRIALS), folders))

    assert sum(map(len, acknowledged)) > 20 * TRIALS, "too little was answered for the test to mean much"
    for number, folder in enumerate(folders):
        log = Record(folder)
        there = saved(log)
        missing = set(acknowledged[number]) - set(there)
        assert not missing, f"trial {number} lost {sorted(missing)}"
        assert len(there) == len(set(there)), "an answer was saved twice"

    for folder in sorted(set(folders)):
        log = Record(folder)
        kills = folders.count(folder)
        assert len(log.problems()) <= kills  # a kill leaves one torn line at most
        before = log.events()
        resumed = judgement.Trial(FORM, TRUTH, KINDS, log.append, past=[event.data for event in before])
        if resumed.finished:
            resumed.again()
        elif not resumed.started:
            resumed.start()
        done = resumed.progress.done
        resumed.answer("generated", 90, item=resumed.current)
        assert resumed.progress.done == done + 1
        fresh = Record(folder)
        assert fresh.events()[: len(before)] == before
        assert len(fresh.problems()) <= kills and len({event.learner for event in fresh.events()}) == 1

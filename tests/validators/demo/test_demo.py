"""The demo as a person runs it: the whole path on real images, a second run, and Ctrl-C in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
COMMAND = [str(Path(sys.executable).with_name("assay")), "demo"]


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "ASSAY_HOME": str(home), "PYTHONWARNINGS": "ignore"}


def _of_this_run(mark: str) -> list[psutil.Process]:
    """Live processes that carry this run's ASSAY_HOME in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("ASSAY_HOME") == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            continue
    return found


def _assert_nothing_left(mark: str) -> None:
    deadline = time.monotonic() + 30
    while left := _of_this_run(mark):
        assert time.monotonic() < deadline, [" ".join(process.cmdline()) for process in left]
        time.sleep(0.5)


@pytest.mark.slow
@pytest.mark.ray
@pytest.mark.timeout(900)
def test_demo_scores_pays_and_catches_the_liar_then_ends_on_ctrl_c(real_data: Path, tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    environment = _environment(home)
    arguments = ["--data", str(real_data / "cxr"), "--out", str(out)]
    done = subprocess.run(
        [*COMMAND, "--json", *arguments], cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-3000:]
    facts = json.loads(done.stdout)["facts"]
    assert not facts["synthetic"]
    assert {one["state"] for one in facts["rounds"]} == {"Settled"}
    for one in facts["rounds"]:
        assert sum(member["seats"] for member in one["members"]) == 9
        for member in one["members"]:
            assert member["agreed"] == (member["name"] != "Dorothy")
            assert (member["reward_planck"] > 0) == member["agreed"]
            assert member["reward_planck"] == (1_101_000_000_000 * member["seats"] if member["agreed"] else 0)
    assert any(member["name"] == "Dorothy" for one in facts["rounds"] for member in one["members"])
    assert [line["model"] for line in facts["leaderboard"]] == ["small_cnn", "untrained"]
    assert facts["leaderboard"][0]["score_ppm"] > facts["leaderboard"][1]["score_ppm"]
    assert facts["leaderboard"][0]["lower_ppm"] > 800_000
    assert "AlreadySubmitted" in facts["refused"][0]["error"]
    assert facts["shards"] == len(facts["exposure"])
    assert set(facts["exposure"]) <= {3, 4}
    assert (out / "report.html").read_text().startswith("<!doctype html>")
    assert not (out / "work").exists()
    _assert_nothing_left(str(home))

    running = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=REPOSITORY,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stderr is not None
    try:
        told = []
        for line in running.stderr:
            told.append(line)
            if "[5/8]" in line:
                break
        assert len(_of_this_run(str(home))) > 5, "".join(told)
        os.killpg(running.pid, signal.SIGINT)
        running.stderr.read()
        assert running.wait(timeout=60) == 130
    finally:
        running.kill()
        running.wait()
        running.stderr.close()
    _assert_nothing_left(str(home))

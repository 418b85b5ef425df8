"""Tracks, plots and words: what people see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from governance import Origin, TrackUnknown, _plot, raw, standing, track_of, tracks
from governance._arithmetic import ONE
from governance._describe import call_text, value_text
from offchain.chain import ChainClient, calls
from offchain.chain.calls import Call
from offchain.cli import run
from offchain.devchain import ChainSpec, DevChain, Node

from .conftest import ASY, Assay, House

BLOCKS = {"Dev": (2, 12, 3, 3), "Local": (10, 100, 20, 10)}


def test_tracks_show_deposits_periods_and_curves(assay: Assay) -> None:
    lines = assay("tracks")
    assert [(line["id"], line["track"]) for line in lines] == [
        (0, "root"),
        (10, "parameters"),
        (20, "treasury"),
        (30, "benchmarks"),
        (40, "emergency"),
    ]
    assert [line["decision_deposit_planck"] for line in lines] == [
        str(asy * ASY) for asy in (1_000, 200, 200, 100, 500)
    ]
    assert (lines[0]["prepare"], lines[0]["decide"], lines[0]["confirm"], lines[0]["enact"]) == BLOCKS["Dev"]
    assert (lines[4]["approval"], lines[4]["support"]) == ("falls from 100 % to 75 %", "falls from 50 % to 10 %")
    assert lines[0]["at_once"] == 1


def test_tracks_have_the_periods_of_the_chains_own_pace(chain: DevChain) -> None:
    local = ChainSpec.from_runtime(chain.runtime.executor.code, "local_testnet")
    with DevChain.fresh(local) as slower, Node(slower) as node, ChainClient(node.ws_url) as client:
        root = tracks(client)[0]
    periods = (root.prepare_period, root.decision_period, root.confirm_period, root.min_enactment_period)
    assert periods == BLOCKS["Local"]


def test_track_is_found_by_name_number_and_origin(house: House) -> None:
    for wanted in ("emergency", " Emergency ", "40", 40, Origin.EMERGENCY):
        assert track_of(house.client, wanted).id == 40
    assert [track.origin for track in tracks(house.client)] == list(Origin)
    with pytest.raises(TrackUnknown, match="no such track"):
        track_of(house.client, "wish")


def test_plot_as_text_has_both_curves_and_todays_point(
    house: House, node: Node, capsys: pytest.CaptureFixture[str]
) -> None:
    index = house.propose(raw(Origin.ROOT, calls.system.remark(b"x")))
    house.vote(index, 5)
    house.chain.run_to(house.chain.height + 6)
    capsys.readouterr()
    assert run(["governance", "show", str(index), "--plot", "--node", node.ws_url]) == 0
    shown = capsys.readouterr()
    assert shown.err.count("●") == 2
    assert "approval needed, and today's: 100 %" in shown.err
    assert "support needed, and today's: 3.571 %" in shown.err
    assert "\x1b" not in shown.err
    assert "ends at" in shown.out
    bare = _plot.text(standing(house.client, index).track)
    assert "●" not in bare
    assert all(len(line) <= 76 for line in bare.splitlines())
    assert run(["governance", "tracks", "--plot", "emergency", "--node", node.ws_url]) == 0
    assert "support needed" in capsys.readouterr().err


def test_plot_as_png_is_a_picture(house: House, assay: Assay, tmp_path: Path) -> None:
    index = house.propose(raw(Origin.ROOT, calls.system.remark(b"x")))
    picture = tmp_path / "curves.png"
    assay("show", str(index), "--png", str(picture))
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(data[16:20], "big") >= 800
    assay("tracks", "--plot", "root", "--png", str(tmp_path / "track.png"))
    assert (tmp_path / "track.png").stat().st_size > 5_000
    assay("tracks", "--png", str(tmp_path / "all.png"))
    assert (tmp_path / "all.png").read_bytes()[20:24] > (tmp_path / "track.png").read_bytes()[20:24]  # its height


def test_standing_tells_in_words_that_no_number_of_ayes_suffices(
    house: House, node: Node, assay: Assay, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the decision begins every vote must be an aye."""
    index = house.propose(raw(Origin.ROOT, calls.system.remark(b"x")), deposit=False)
    house.vote(index, 5)
    house.vote(index, 1, house.bob, aye=False)
    assert assay("show", str(index))["ayes_missing_now_planck"] is None
    assert run(["governance", "show", str(index), "--node", node.ws_url]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "ayes missing now no number of ayes: nays must be taken back support tokens" in shown


def test_plotted_points_lie_on_the_curve(house: House) -> None:
    track = track_of(house.client, "root")
    across, up = _plot.curve_points(track.min_approval, track)
    assert (across[0], across[-1]) == (0, track.decision_period)
    assert (up[0], up[-1]) == (100, 75)
    middle = track.min_approval.threshold(ONE // 2) / ONE * 100
    assert up[50] == pytest.approx(middle)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (calls.system.remark(b"hello"), "System.remark(remark='hello')"),
        (calls.system.remark(b"\0" * 100), "System.remark(remark=0x000000000000000000… (100 bytes))"),
        (calls.balances.transfer("5Gr", 2 * ASY), "Balances.transfer_keep_alive(dest=5Gr, value=2 ASY)"),
        (
            calls.utility.batch_all([calls.system.remark(b"a"), calls.system.remark(b"b")]),
            "System.remark(remark='a'); System.remark(remark='b')",
        ),
        (Call("Referenda", "cancel", {"index": 7}), "Referenda.cancel(index=7)"),
        (
            Call("Parameters", "set_parameter", {"key_value": {"Economics": {"BaseFee": ((), ASY)}}}),
            "set BaseFee = 1 ASY",
        ),
        (Call("X", "y", {"some": None, "flag": True}), "X.y(some=-, flag=yes)"),
    ],
)
def test_calls_are_told_in_words(call: Call, text: str) -> None:
    assert call_text(call) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"free": 3 * ASY, "nonce": 1_234}, "free 3 ASY, nonce 1,234"),
        ({"Economics": {"BaseFee": 12 * ASY}}, "Economics (BaseFee = 12 ASY)"),
        ({"Economics": {"WorkDonePpm": ((), None)}}, "Economics (WorkDonePpm = the runtime's own)"),
        ({"Economics": {"WorkDonePpm": {}}}, "Economics (WorkDonePpm)"),
        ([1, 2], "[1, 2]"),
        ((), "-"),
        ("Pending", "Pending"),
    ],
)
def test_values_are_told_in_words(value: Any, text: str) -> None:
    assert value_text(value) == text


def test_proposal_that_would_fail_is_sent_only_when_the_person_insists(house: House, assay: Assay) -> None:
    refused = assay("propose", "pause", "System.remark", "-a", "//Alice", "--yes", status=21)
    assert (refused["code"], refused["hint"]) == (1108, "--anyway proposes it all the same")
    made = assay("propose", "pause", "System.remark", "-a", "//Alice", "--yes", "--anyway", "--no-deposit")
    assert (made["done"], made["would"], made["decision_deposit_placed"]) == (True, None, False)


def test_proposal_is_enacted_when_its_author_says(house: House, assay: Assay) -> None:
    remark = "0x0000" + "1868656c6c6f21"  # system.remark("hello!")
    late = assay("propose", "call", remark, "-t", "root", "--at", "300", "-a", "//Alice", "--yes")["referendum"]
    soon = assay("propose", "call", remark, "-t", "benchmarks", "--after", "9", "-a", "//Alice", "--yes")["referendum"]
    for index in (late, soon):
        assay("vote", str(index), "aye", "9000000", "-a", "//Bob", "--yes")
    assert assay("show", str(late))["enacted_at"] == 300
    told = assay("show", str(soon))
    assert told["enacted_at"] == told["ends_at"] + 9


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("propose", "pause", "commit", "-a", "//Alice"), 18, 801),
        (("propose", "call", "0xzz", "-t", "root", "-a", "//Alice"), 21, 1113),
        (("propose", "call", "0x00", "-t", "root", "-a", "//Alice"), 21, 1113),
        (("propose", "call", "0x00001900" + "68656c6c6f21", "-t", "root", "-a", "//Alice"), 21, 1113),  # 6 as two bytes
        (("propose", "call", "0x000014", "-t", "root", "-a", "//Alice"), 21, 1113),  # cut short
        (("propose", "call", "0x000014", "-t", "nowhere", "-a", "//Alice"), 21, 1103),
        (("propose", "cancel", "5", "-a", "//Alice"), 21, 1104),
        (("propose", "kill", "5", "-a", "//Alice"), 21, 1104),
        (("propose", "parameters", "/nowhere", "-a", "//Alice"), 21, 1101),
        (("propose", "spend", "much", "//Bob", "-a", "//Alice"), 18, 801),
        (("propose", "spend", "1", "//Bob", "-a", "nobody"), 11, 121),
        (("deposit", "place", "5", "-a", "//Alice"), 21, 1104),
        (("deposit", "refund", "5", "-a", "//Alice"), 21, 1104),
        (("show", "5"), 21, 1104),
        (("show", "5", "--png", "/nowhere/x.png"), 18, 801),
        (("show", "5", "--png", "/"), 18, 801),
        (("tracks", "--png", "/nowhere/x.png"), 18, 801),
        (("tracks", "--png", "/dev/full"), 18, 801),
        (("simulate", "5", "--wasm", "/nowhere/typo.wasm"), 18, 801),
    ],
)
def test_mistakes_are_told_with_their_codes(assay: Assay, words: tuple[str, ...], status: int, code: int) -> None:
    assert assay(*words, status=status)["code"] == code

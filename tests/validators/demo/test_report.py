"""The demo's report says what it must, and its parts do what they are for."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from offchain.chain.cli_benchmark import default_precision_ppm, default_tolerance_ppm
from offchain.chain.leaderboard import ranks
from validators.demo._facts import DemoFacts, LeaderboardLine, MemberFacts, Roc, RoundFacts, Step, TimelineEvent
from validators.demo._report import render


def _facts(*, synthetic: bool) -> DemoFacts:
    members = [
        MemberFacts("Ada", "5Ada" + "x" * 44, 3, "revealed", 990_000, agreed=True, reward_planck=3_303_000_000_000),
        MemberFacts("<b>Dorothy", "5Dor" + "x" * 44, 3, "revealed", 825_000, agreed=False, reward_planck=0),
        MemberFacts("Late", "5Lat" + "x" * 44, 3, "missed: Reveal", None, agreed=False, reward_planck=0),
    ]
    rounds = [
        RoundFacts(
            0, "small_cnn", "ab" * 32, "Settled", 990_000, 935_000, 1_000_000, 110_000, members,
            [TimelineEvent(7, "EvaluationRequested", "Developer")],
        )
    ]  # fmt: skip
    return DemoFacts(
        synthetic=synthetic,
        source="/data",
        task="a task",
        main_metric="Auroc",
        threshold_ppm=800_000,
        public_images=10,
        public_groups=9,
        held_out_images=8,
        held_out_groups=7,
        shards=2,
        exposure=[4, 3],
        refused=[{"what": "a copy", "error": "AlreadySubmitted"}],
        rounds=rounds,
        leaderboard=[LeaderboardLine("1", "small_cnn", "ab" * 32, 990_000, 935_000, 1_000_000, 8, 6, 9)],
        roc=Roc("public split", [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)], 1_000_000, 10, 9),
        steps=[Step("chain", 1.5)],
    )


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in {"src", "href"}]


def test_report_shows_scores_members_and_refusals_and_needs_nothing_else() -> None:
    page = render(_facts(synthetic=False))
    for text in ("99.0 %", "93.5 % to 100.0 %", "3.3030 ASY", "unpaid", "missed: Reveal", "AlreadySubmitted", "6 of 9"):
        assert text in page
    links = _Links()
    links.feed(page)
    assert links.found == []


def test_report_says_synthetic_when_the_images_are_and_only_then() -> None:
    assert "<b>synthetic</b>" in render(_facts(synthetic=True))
    assert "synthetic" not in render(_facts(synthetic=False))


def test_report_escapes_names() -> None:
    page = render(_facts(synthetic=False))
    assert "<b>Dorothy" not in page
    assert "&lt;b&gt;Dorothy" in page


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([], []), ([9, 8, 7], ["1", "2", "3"]), ([9, 8, 8, 7], ["1", "2=", "2=", "4"]), ([5, 5], ["1=", "1="])],
)
def test_ranks_mark_ties_when_scores_are_equal(scores: list[int], expected: list[str]) -> None:
    assert ranks(scores) == expected


def test_benchmark_defaults_follow_the_size_of_the_split() -> None:
    assert default_precision_ppm([37, 37]) == 55_000
    assert default_precision_ppm([50_000, 50_000]) == 5_000
    assert default_precision_ppm([1, 1]) == 100_000
    assert default_tolerance_ppm([37, 37], 55_000) == 110_000
    assert default_tolerance_ppm([1, 1], 100_000) == 1_000_000

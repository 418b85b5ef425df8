"""What the demo tells a person while it runs; on standard error, so that ``--json`` stays alone on standard output."""

from __future__ import annotations

from offchain.cli.output import note
from offchain.cli.units import asy, percent
from validators.demo._facts import LeaderboardLine, RoundFacts

__all__ = ["Narrator"]


class Narrator:
    """Numbered steps with indented lines."""

    def __init__(self) -> None:
        self._count = 0

    def begin(self, step: str) -> None:
        """A step begins."""
        self._count += 1
        note(f"[{self._count}/8] {step}")

    def say(self, line: str) -> None:
        """Something happened."""
        note(f"      {line}")

    def end(self, seconds: float) -> None:
        """The step ended."""
        note(f"      done in {seconds:.1f} s")

    def round(self, facts: RoundFacts) -> None:
        """A round ended with a verdict."""
        self.say(
            f"round {facts.round}, {facts.model}: {_share(facts.score_ppm)} "
            f"(95 % interval {_share(facts.lower_ppm)} to {_share(facts.upper_ppm)})"
        )
        for member in facts.members:
            paid = asy(member.reward_planck) if member.agreed else "unpaid: out of tolerance"
            seats = "1 seat" if member.seats == 1 else f"{member.seats} seats"
            self.say(f"   {member.name:<8} {seats:<7} revealed {_share(member.score_ppm):>7}  {paid}")

    def leaderboard(self, lines: list[LeaderboardLine]) -> None:
        """The end of it."""
        note("\nrank  model        score    95 % interval        images  seats")
        for line in lines:
            interval = f"{percent(line.lower_ppm)} to {percent(line.upper_ppm)}"
            seats = f"{line.seats_agreed} of {line.seats_accepted}"
            note(
                f"{line.rank:<5} {line.model:<12} {percent(line.score_ppm):<8} {interval:<20} {line.images:<7} {seats}"
            )


def _share(ppm: int | None) -> str:
    return "–" if ppm is None else percent(ppm)

"""Pictures of the curves of a referendum, with where it stands today: as text, and as a PNG file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from governance._arithmetic import ONE
from governance._curves import Curve
from governance._standing import Standing
from governance._tracks import Track
from offchain.cli.units import blocks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["curve_points", "png", "text"]

_POINTS = 101


def curve_points(curve: Curve, track: Track, points: int = _POINTS) -> tuple[list[float], list[float]]:
    """A curve over the decision period: blocks since its beginning, and the least share that passes, in per cent."""
    shares = [step * ONE // (points - 1) for step in range(points)]
    return [share / ONE * track.decision_period for share in shares], [_percent(curve.threshold(x)) for x in shares]


def text(track: Track, standing: Standing | None = None, *, width: int = 76, height: int = 12) -> str:
    """Both curves in characters, one below the other, with today's point on them."""
    import plotext

    parts = []
    for title, curve, has in _halves(track, standing):
        figure = plotext.figure.clear()
        figure.theme("colorless").plot_size(width, height)
        figure.draw(figure.signal(*curve_points(curve, track), marker="·"))
        if has is not None and standing is not None:
            today = [standing.share / ONE * track.decision_period], [_percent(has)]
            figure.draw(figure.signal(*today, marker="●"))
        figure.ruler("y").lim(0, 100)
        figure.ruler("x").lim(0, track.decision_period)
        figure.title(title).label(f"blocks since the decision began, of {blocks(track.decision_period)}")
        parts.append("\n".join(line.rstrip() for line in plotext.uncolorize(str(figure.build())).splitlines()))
    return "\n".join(parts)


def png(path: Path, tracks: Sequence[Track], standing: Standing | None = None) -> None:
    """Both curves of each track side by side, with today's point on them, into a PNG file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4 * len(tracks)), layout="constrained")
    FigureCanvasAgg(figure)
    for track, row in zip(tracks, figure.subplots(len(tracks), 2, squeeze=False), strict=True):
        for (title, curve, has), axes in zip(_halves(track, standing), row, strict=True):
            today = None if standing is None or has is None else (standing.share, has)
            _half(axes, title if len(tracks) == 1 else f"{track.name}: {title}", curve, track, today)
    figure.suptitle(_name(tracks, standing))
    figure.savefig(path, format="png", dpi=120)


def _name(tracks: Sequence[Track], standing: Standing | None) -> str:
    if len(tracks) > 1:
        return "every track"
    (track,) = tracks
    name = f"track {track.name}" if standing is None else f"referendum {standing.index} on track {track.name}"
    return f"{name}: decided within {blocks(track.decision_period)}"


def _half(axes: Axes, title: str, curve: Curve, track: Track, today: tuple[int, int] | None) -> None:
    across, up = curve_points(curve, track)
    axes.plot(across, up, color="tab:gray", label="needed")
    axes.fill_between(across, up, 100, color="tab:green", alpha=0.12, label="passes")
    if today is not None:
        at = today[0] / ONE * track.decision_period
        axes.plot([at], [_percent(today[1])], "o", color="tab:red", label="today")
    axes.set(title=title, xlabel="blocks since the decision began", ylabel="per cent", ylim=(0, 100))
    axes.set_xlim(0, track.decision_period)
    axes.legend(loc="upper right")


def _halves(track: Track, standing: Standing | None) -> tuple[tuple[str, Curve, int | None], ...]:
    approval = None if standing is None else standing.approval
    support = None if standing is None else standing.support
    return (
        (_title("approval", approval), track.min_approval, approval),
        (_title("support", support), track.min_support, support),
    )


def _title(what: str, has: int | None) -> str:
    return f"{what} needed" if has is None else f"{what} needed, and today's: {_percent(has):.4g} %"


def _percent(perbill: int) -> float:
    return perbill / ONE * 100

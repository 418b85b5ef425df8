"""The demo's report: one HTML file that needs nothing else, with plots drawn as SVG."""

from __future__ import annotations

from html import escape

from validators.demo._facts import DemoFacts, MemberFacts, Roc, RoundFacts

__all__ = ["render"]

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #66707b; --line: #d5dae0; --paper: #fff; --good: #0a7f5a;
  --bad: #c2412d; --mark: #2158c9; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #9aa4af; --line: #3a4149; --paper: #15181c;
  --good: #3fc89a; --bad: #ff7b68; --mark: #7ea6ff; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; } .soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem;
  border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; } th { color: var(--soft); font-weight: 600; }
code { font-size: .85em; } svg { max-width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: var(--soft); }
.good { color: var(--good); } .bad { color: var(--bad); }
.notice { border: 2px solid var(--bad); padding: .6rem 1rem; border-radius: .4rem; }
"""


def render(facts: DemoFacts) -> str:
    """The report as HTML text."""
    kind = "synthetic radiographs" if facts.synthetic else "real images"
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Assay demo: {escape(facts.task)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>Assay demo: {escape(facts.task)}, {kind}</h1>",
    ]
    if facts.synthetic:
        parts.append(
            '<p class="notice">These images are <b>synthetic</b>: no figure on this page says anything about medicine.</p>'
        )
    parts += [
        f'<p class="soft">{escape(facts.source)} · public split {facts.public_images} images of {facts.public_groups} groups · '
        f"held-out split {facts.held_out_images} images of {facts.held_out_groups} groups in {facts.shards} sealed shards · "
        f"exposure {_exposure(facts.exposure)} · {facts.blocks} blocks</p>",
        _leaderboard(facts),
    ]
    if facts.refused:
        lines = "".join(
            f"<li>{escape(one['what'])}: <span class=bad>{escape(one['error'])}</span></li>" for one in facts.refused
        )
        parts.append(f"<h2>Refused by the chain</h2><ul>{lines}</ul>")
    parts += [_round(one) for one in facts.rounds]
    if facts.roc is not None:
        parts.append(_roc(facts.roc))
    steps = "".join(f"<tr><td>{escape(step.name)}</td><td>{step.seconds:.1f} s</td></tr>" for step in facts.steps)
    parts.append(f"<h2>Wall time</h2><table>{steps}</table></body></html>")
    return "\n".join(parts)


def _percent(ppm: int | None) -> str:
    return "–" if ppm is None else f"{ppm / 10_000:.1f} %"


def _asy(planck: int) -> str:
    return f"{planck / 10**12:,.4f} ASY"


def _exposure(counts: list[int]) -> str:
    if not counts:
        return "none"
    low, high = min(counts), max(counts)
    return f"{low} accounts a shard" if low == high else f"{low} to {high} accounts a shard"


def _leaderboard(facts: DemoFacts) -> str:
    rows = "".join(
        f"<tr><td>{escape(line.rank)}</td><td>{escape(line.model)} <code>{line.checkpoint[:10]}</code></td>"
        f"<td>{_percent(line.score_ppm)}</td><td>{_percent(line.lower_ppm)} to {_percent(line.upper_ppm)}</td>"
        f"<td>{line.images}</td><td>{line.seats_agreed} of {line.seats_accepted}</td></tr>"
        for line in facts.leaderboard
    )
    return (
        f"<h2>Leaderboard</h2><p class=soft>{escape(facts.main_metric)} on the held-out split, rounded by the chain; available "
        f"from a lower bound of {_percent(facts.threshold_ppm)}.</p>"
        "<table><tr><th>Rank</th><th>Model</th><th>Score</th><th>95 % interval</th><th>Images</th><th>Seats that agreed</th></tr>"
        f"{rows}</table>"
    )


def _round(facts: RoundFacts) -> str:
    members = "".join(
        f"<tr><td>{escape(one.name)} <code>{one.account[:8]}</code></td><td>{one.seats}</td><td>{escape(one.status)}</td>"
        f"<td>{_percent(one.score_ppm)}</td><td class={'good' if one.agreed else 'bad'}>{'agreed' if one.agreed else 'unpaid'}</td>"
        f"<td>{_asy(one.reward_planck)}</td></tr>"
        for one in facts.members
    )
    timeline = "".join(
        f"<tr><td>{one.block}</td><td>{escape(one.event)}</td><td>{escape(one.who)}</td></tr>" for one in facts.timeline
    )
    return (
        f"<h2>Round {facts.round}: {escape(facts.model)}, {escape(facts.state)}</h2>"
        f"<p>Verdict {_percent(facts.score_ppm)}, interval {_percent(facts.lower_ppm)} to {_percent(facts.upper_ppm)}</p>"
        f"{_scores(facts)}"
        "<table><tr><th>Member</th><th>Seats</th><th>Status</th><th>Revealed</th><th></th><th>Reward</th></tr>"
        f"{members}</table>"
        f"<details><summary>Timeline, {len(facts.timeline)} events</summary><table><tr><th>Block</th><th>Event</th><th>Who</th></tr>"
        f"{timeline}</table></details>"
    )


def _scores(facts: RoundFacts) -> str:
    """The committee's scores on one axis, with the band of tolerance around the verdict."""
    revealed = [one for one in facts.members if one.score_ppm is not None]
    if not revealed or facts.score_ppm is None:
        return ""
    width, left, right, top = 640, 20, 620, 16
    height = top + 20 * len(revealed) + 24

    def x(ppm: int) -> float:
        return left + (right - left) * min(max(ppm, 0), 1_000_000) / 1_000_000

    low, high = x(facts.score_ppm - facts.tolerance_ppm), x(facts.score_ppm + facts.tolerance_ppm)
    marks = "".join(_mark(one, x(one.score_ppm or 0), top + 20 * row + 10) for row, one in enumerate(revealed))
    axis = "".join(
        f'<line x1="{x(ppm)}" x2="{x(ppm)}" y1="{top}" y2="{height - 20}" stroke="var(--line)"/>'
        f'<text x="{x(ppm)}" y="{height - 5}" text-anchor="middle">{ppm // 10_000} %</text>'
        for ppm in range(0, 1_000_001, 250_000)
    )
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="scores of the committee">{axis}'
        f'<rect x="{low}" y="{top}" width="{high - low}" height="{height - 20 - top}" fill="var(--mark)" opacity=".15"/>{marks}</svg>'
    )


def _mark(member: MemberFacts, x: float, y: float) -> str:
    colour = "var(--good)" if member.agreed else "var(--bad)"
    anchor, shift = ("end", -9) if x > 320 else ("start", 9)
    return (
        f'<circle cx="{x}" cy="{y}" r="5" fill="{colour}"/>'
        f'<text x="{x + shift}" y="{y + 4}" text-anchor="{anchor}">{escape(member.name)}</text>'
    )


def _roc(roc: Roc) -> str:
    size, pad = 300, 36
    inner = size - 2 * pad
    path = " ".join(
        f"{'M' if index == 0 else 'L'}{pad + fpr * inner:.1f},{size - pad - tpr * inner:.1f}"
        for index, (fpr, tpr) in enumerate(roc.points)
    )
    return (
        f"<h2>ROC curve, {escape(roc.split)}</h2><p class=soft>AUROC {_percent(roc.auroc_ppm)} on {roc.images} images of "
        f"{roc.groups} groups. The held-out split's curve stays sealed: an exact curve is an oracle on its labels.</p>"
        f'<svg viewBox="0 0 {size} {size}" width="{size}" role="img" aria-label="receiver operating characteristic">'
        f'<rect x="{pad}" y="{pad}" width="{inner}" height="{inner}" fill="none" stroke="var(--line)"/>'
        f'<line x1="{pad}" y1="{size - pad}" x2="{size - pad}" y2="{pad}" stroke="var(--line)" stroke-dasharray="4"/>'
        f'<path d="{path}" fill="none" stroke="var(--mark)" stroke-width="2"/>'
        f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">false positive rate</text>'
        f'<text x="12" y="{size / 2}" text-anchor="middle" transform="rotate(-90 12 {size / 2})">true positive rate</text></svg>'
    )

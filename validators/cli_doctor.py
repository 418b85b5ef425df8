"""Is this machine fit to be a validator?"""

from __future__ import annotations

import typer

from offchain.cli.options import AsJson
from offchain.cli.output import emit, progress
from validators._doctor import CHECKS, Check, Verdict, examine
from validators._errors import Unfit

__all__ = ["app"]

app = typer.Typer()


@app.command()
def doctor(
    as_json: AsJson = False,
) -> None:
    """Examine GPU, determinism, memory, disk, ports, clock and Ray. Fails where one of them rules out evaluation."""
    done: list[Check] = []
    with progress("examining", total=len(CHECKS)) as show:

        def told(check: Check) -> None:
            done.append(check)
            show(len(done))

        examine(told)
    emit(done, list[Check], as_json=as_json)
    failed = [check for check in done if check.verdict is Verdict.FAIL]
    if failed:
        raise Unfit("this machine is not fit", subject=", ".join(check.name for check in failed), hint=failed[0].hint)


doctor.__assay_record__ = list[Check]  # type: ignore[attr-defined]

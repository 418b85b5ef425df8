"""The frame of the ``assay`` command.

Rooms hang their commands into it through the entry-point group ``assay.commands`` (``noun = "module:app"``, a
``typer.Typer``); the frame imports none of them. The first line of such a module's docstring describes its noun in
``assay --help``. What rooms use: :mod:`offchain.cli.output`, :mod:`offchain.cli.units`, :mod:`offchain.cli.options`.
"""

from offchain.cli._frame import main, run

__all__ = ["main", "run"]

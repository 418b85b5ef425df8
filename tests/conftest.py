"""Fixtures every suite may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real images; skips where it is absent, fails where ``ASSAY_REQUIRE_DATA`` is set."""
    folder = Path(os.environ.get("ASSAY_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "cxr" / "labels.csv").is_file():
        message = f"real images are absent: {folder} (set ASSAY_DATA to the folder that holds cxr/labels.csv)"
        if os.environ.get("ASSAY_REQUIRE_DATA"):
            pytest.fail(message)
        pytest.skip(message)
    return folder

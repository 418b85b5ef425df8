"""What the upgrade's test shares with the end-to-end tests: a data set packed once."""

from tests.e2e.conftest import packed

__all__ = ["packed"]

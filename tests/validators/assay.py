"""The ``assay`` command for tests that need it in a process of its own, whether or not it is installed."""

from offchain.cli import main

if __name__ == "__main__":
    main()

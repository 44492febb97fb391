"""Lets `python -m hotwash` do what the command `hotwash` does."""

from hotwash.cli import main

if __name__ == "__main__":
    main()

"""hotwash: from an air-space incident to an account, to lessons, to measured drills."""

__version__ = "0.1.0"

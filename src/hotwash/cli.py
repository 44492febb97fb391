"""The command line: parse, call work, print."""


def main() -> None:
    raise SystemExit("not built yet")

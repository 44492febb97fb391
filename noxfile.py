"""Checks in environments of their own: `uv run --group checks nox`, or one of them with `-s NAME`.

Daily work needs none of this; `uv run --group dev pytest` is enough. Heavy peers, with which we compare but which
nobody should have to install, each have a session here that runs only when it is named.
"""

from __future__ import annotations

import nox

nox.options.default_venv_backend = "uv"
nox.options.sessions = ["tests", "lint", "docs"]


def sync(session: nox.Session, *groups: str) -> None:
    """Install what is locked, and only the named groups, into the session's own environment."""
    session.run_install(
        "uv",
        "sync",
        "--locked",
        *(f"--group={group}" for group in groups),
        f"--python={session.virtualenv.location}",
        env={"UV_PROJECT_ENVIRONMENT": session.virtualenv.location},
    )


@nox.session(python=["3.11", "3.13"])
def tests(session: nox.Session) -> None:
    """Run the tests on the oldest Python we support and on a recent one."""
    sync(session, "dev")
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Lint, format, types, import contracts, sizes."""
    sync(session, "checks")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("lint-imports")
    session.run("python", "scripts/size_table.py")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the manual; a warning fails."""
    sync(session, "docs")
    session.run("mkdocs", "build", "--strict")


@nox.session(name="peers-stonesoup", default=False)
def peers_stonesoup(session: nox.Session) -> None:
    """Run tests beside Stone Soup, a tracking library of some weight.

    A test that compares with it asks for it by pytest.importorskip("stonesoup"), so it is skipped elsewhere
    and runs here. Name a file to run only that: nox -s peers-stonesoup -- tests/track
    """
    sync(session, "dev")
    session.install("stonesoup")
    session.run("pytest", *session.posargs)


@nox.session(default=False, venv_backend="venv")
def agents(session: nox.Session) -> None:
    """Check the environments with Stable-Baselines3's own checker; it brings torch."""
    sync(session, "dev")
    session.install("stable-baselines3")
    session.run("pytest", "tests/gym", *session.posargs)


@nox.session(name="train-pilot", default=False, venv_backend="venv")
def train_pilot(session: nox.Session) -> None:
    """Train a pilot with Stable-Baselines3 and draw how it learned: nox -s train-pilot -- --seeds 1 --steps 200000."""
    sync(session, "dev")
    session.install("stable-baselines3")
    session.run("python", "scripts/train_pilot.py", *session.posargs)

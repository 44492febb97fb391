"""What tests of several rooms share: the processors, a real browser, and patience with a slow machine."""

from __future__ import annotations

import os
import pickle
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Error, sync_playwright

# A machine that is busy is not a failing property; speed is measured in benchmarks/.
# CI tries the same examples each time, so that a red run says something of the change; at a desk they are new.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=os.environ.get("CI") == "true"
)
settings.load_profile("patient")

MOST_WORKERS = 8  # half a gigabyte each
# What between them compiles nearly all kernels. Compiled once here, they are not compiled by every worker at once.
COMPILING = (("fly", "bperp", "--policy", "autopilot"), ("watch", "watch-night", "--policy", "hasty"))
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none")


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test see, or change, whom the user's own configuration remembers."""
    monkeypatch.setenv("HOTWASH_CONFIG_DIR", str(tmp_path_factory.getbasetemp() / "configuration"))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share the whole suite among all processors; what somebody names runs at once and in this process."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return 0
    return min(len(os.sched_getaffinity(0)), MOST_WORKERS) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile before the workers start, and let each of them calculate with one processor."""
    is_worker = hasattr(session.config, "workerinput")
    if is_worker or not session.config.option.numprocesses or session.config.option.collectonly:
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    compiling = [
        subprocess.Popen([sys.executable, "-m", "hotwash", *command, "--json"], stdout=subprocess.DEVNULL)
        for command in COMPILING
    ]
    ended = [one.wait() for one in compiling]
    assert not any(ended)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """End as if nothing had been collected where every test was skipped: that shows nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus != pytest.ExitCode.OK or reporter is None or session.config.option.collectonly:
        return
    if not reporter.stats.keys() & {"passed", "xfailed"}:
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED


Once = Callable[[str, Callable[[Path], Any]], Any]


@pytest.fixture
def port() -> int:
    """A port of UDP that nobody holds."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make something dear once for all workers: the first makes it in a folder of its own, the others wait for it."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # of all workers of this run

    def made(name: str, make: Callable[[Path], Any]) -> Any:
        folder, kept = root / name, root / f"{name}.pickle"
        with FileLock(root / f"{name}.lock"):
            if not kept.exists():
                folder.mkdir(exist_ok=True)
                kept.write_bytes(pickle.dumps(make(folder)))
        return pickle.loads(kept.read_bytes())

    return made


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Chromium from the PATH; where there is none tests are skipped, except in CI, where its absence is a failure."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        except Error as error:
            reason = f"no Chromium could be started: {error.message.splitlines()[0]}"
            if os.environ.get("CI") == "true":
                pytest.fail(f"in CI this may not be skipped: {reason}")
            pytest.skip(reason)
        yield browser
        browser.close()

"""What tests of several rooms share: a real browser, and patience with a slow machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Error, sync_playwright

# A machine that is busy is not a failing property; speed is measured in benchmarks/.
# CI tries the same examples each time, so that a red run says something of the change; at a desk they are new.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=os.environ.get("CI") == "true"
)
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test see, or change, whom the user's own configuration remembers."""
    monkeypatch.setenv("HOTWASH_CONFIG_DIR", str(tmp_path_factory.getbasetemp() / "configuration"))


ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none")


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

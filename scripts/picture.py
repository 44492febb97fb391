"""Draw docs/images/account.png and lessons.png: the tops of the demo's two pages, as a browser shows them.

    uv run python scripts/picture.py

Needs Chromium. Run it again when a page changes its looks, or what the demo shows.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from hotwash.work.demo import run_demo

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
SIZES_PX = {"account": (1280, 1560), "lessons": (1000, 1230)}  # down to the last of the first answers; the first lesson


def main() -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("Chromium is not installed; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        shown = run_demo(now_utc=datetime.now(UTC), clock=lambda: datetime.now(UTC), out=Path(folder) / "night")
        launched = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for name, file in (("account", shown.account.page), ("lessons", shown.lessons.page)):
            width, height = SIZES_PX[name]
            page = launched.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            page.goto(file.resolve().as_uri())
            page.screenshot(path=IMAGES / f"{name}.png")
            print(f"{name}.png: {(IMAGES / f'{name}.png').stat().st_size / 1000:.0f} kB")
        launched.close()


if __name__ == "__main__":
    main()

"""Draw docs/images/account.png, the picture in the README: the top of the example's account, as a browser shows it.

    uv run python scripts/picture.py

Needs Chromium. Run it again when the page changes its looks.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from hotwash.work.account import demo

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "images" / "account.png"
WIDTH_PX, HEIGHT_PX = 1280, 2150  # down to the foot of the map


def main() -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("Chromium is not installed; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page_file = demo(now_utc=datetime.now(UTC), out=Path(folder) / "night").page
        launched = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = launched.new_page(viewport={"width": WIDTH_PX, "height": HEIGHT_PX}, color_scheme="light")
        page.goto(page_file.resolve().as_uri())
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURE)
        launched.close()
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

"""Places on a page and addresses outside it: what may stand in an id or a link."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from zlib import crc32


def anchor(table: str, name: str) -> str:
    """Return the id on the page of one row: "finds", "F01" is "finds-F01"; odd letters are replaced, and told apart."""
    clean = re.sub(r"[^A-Za-z0-9_.-]", "_", name)
    return f"{table}-{clean}" if clean == name else f"{table}-{clean[:40]}-{crc32(name.encode('utf-8', 'replace')):08x}"


def safe_url(url: str | None) -> str:
    """Return an address that may become a link: http or https with a host, nothing unseen in it; otherwise nothing."""
    if not url or not url.isprintable() or any(letter in url for letter in " <>\"'`\\"):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and host else ""

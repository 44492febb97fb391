"""The front: what `import hotwash` offers. Values or paths in, values out; nothing is written."""

from __future__ import annotations

from hotwash.model import notebook


def _render(value: object) -> str | None:
    from hotwash.front.notebook import fragment_of  # only where somebody looks

    return fragment_of(value)


notebook.render_with(_render)

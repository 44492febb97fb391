"""Pages from templates: one stylesheet, everything that people wrote escaped, nothing loaded from anywhere."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from hotwash import resources
from hotwash.report.links import anchor
from hotwash.report.phrases import VERDICT_GLYPHS, VERDICT_MEANINGS, VERDICT_WORDS, count_noun, shorten
from hotwash.visible import make_visible


def fill_template(name: str, **values: object) -> str:
    """Return a template filled with values; a value that the template names and nobody gives is an error."""
    return _environment().get_template(name).render(**values)


def markup(name: str) -> Markup:
    """Return one of our own files as markup."""
    return Markup(_read(name))  # noqa: S704 - our own file


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    made.globals |= {
        "words": VERDICT_WORDS,
        "glyphs": VERDICT_GLYPHS,
        "meanings": VERDICT_MEANINGS,
        "anchor": anchor,
        "css": markup("style.css") + _verdict_glyphs(),
        # Inside a notebook the style must not reach beyond its own part of the page.
        "scoped_css": Markup(re.sub(r":root|\bbody(?= \{)", ":scope", _read("style.css").partition("@page")[0])),  # noqa: S704
    }
    made.filters |= {"css_string": css_string, "shorten": shorten, "count_noun": count_noun}
    return made


def _verdict_glyphs() -> Markup:
    """Return the rules that set a verdict's glyph before its word; a voice reads the word alone."""
    rules = (
        f':is(.statement,.meanings) .badge-{name or "none"}::before{{content:"{glyph} "/""}}'
        for name, glyph in VERDICT_GLYPHS.items()
    )
    return Markup("\n").join(map(Markup, rules))


def _read(name: str) -> str:
    return resources.read(f"report/templates/{name}").decode()


def _printable(value: object) -> object:
    return make_visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def css_string(text: str) -> Markup:
    """Return text as a CSS string in which nothing but plain letters, digits and spaces stands unescaped."""
    flat = " ".join(make_visible(text).split())
    said = re.sub(r"[^A-Za-z0-9 ]", lambda found: f"\\{ord(found.group()):x} ", flat)
    return Markup(f'"{said}"')  # noqa: S704 - every letter that could end the string or the sheet is escaped

"""Incident to page: one self-contained HTML file, and the same account as Markdown."""

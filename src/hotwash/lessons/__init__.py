"""Lessons: the process as one table, a tamper-evident history, objectives and proofs, drafts, advice and exchange."""

from hotwash.lessons.validation import validate as validate

"""Lessons: the process as one table, a history that cannot be changed unseen, and what is made of both."""

from hotwash.lessons.validation import validate as validate

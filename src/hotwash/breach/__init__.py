"""Tracks × zones: who came in, when, how deep, how surely, and how many in all."""

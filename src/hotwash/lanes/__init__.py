"""Test lanes: their geometry, their tasks, and what counts as seen."""

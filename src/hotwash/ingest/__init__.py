"""Doors inwards: one file a format."""

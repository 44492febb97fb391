"""The watch seat in a terminal."""

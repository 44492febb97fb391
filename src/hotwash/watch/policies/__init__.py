"""Programs that keep a watch."""

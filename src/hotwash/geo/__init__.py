"""Where things are: geodesics, frames, zones and borders, place names. Nothing is imported here on purpose."""

"""Where things are: geodesics, frames, zones and borders, place names. It imports nothing, to stay light."""

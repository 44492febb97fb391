"""What flies and is sensed: paths, truth between its rows, sensors, clutter, and the numbers drawn for them."""

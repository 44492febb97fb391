"""MAVLink: its messages, how they are read and written, a simulated vehicle that speaks them, and its server."""

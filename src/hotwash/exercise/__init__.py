"""Simulated air: ways flown, and what sensors would have reported of them."""

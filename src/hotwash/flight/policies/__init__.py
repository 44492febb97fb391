"""Who flies when no person does: an autopilot, a novice with a person's delay and hand, and random sticks."""

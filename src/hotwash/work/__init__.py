"""What a person asks for: read, call the rooms, write. A few lines each."""

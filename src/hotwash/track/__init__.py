"""From detections to tracks. It imports nothing, to stay light."""

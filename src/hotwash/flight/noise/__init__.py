"""What is random in an exercise: numbers made by a world's key and the number of its step, and by nothing else."""

"""Many runs: how they are shared out among processes."""

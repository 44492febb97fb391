"""The one place where what was read, tracked, breached and claimed becomes an account."""

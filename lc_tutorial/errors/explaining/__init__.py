"""Why the platform refused, or why nobody answered, and what to do about it."""

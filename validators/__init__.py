"""The worker daemon and the steward's key agent."""

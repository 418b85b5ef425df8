"""Evaluation and training on Ray: pure job functions and the thin layer that shards them over actors."""

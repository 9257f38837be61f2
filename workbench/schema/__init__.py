"""The input tables a planner may hand in, and how they are checked."""

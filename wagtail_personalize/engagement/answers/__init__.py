"""“Was this helpful?”: yes or no is counted as an event, and what people write is kept without a trace of who did."""

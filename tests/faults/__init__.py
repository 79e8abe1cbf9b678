"""What happens when processes die or get in each other's way, on a real PostgreSQL with real processes.

Each test runs reduced wherever the suite runs on PostgreSQL, and in full size with ``make test-long``.
"""

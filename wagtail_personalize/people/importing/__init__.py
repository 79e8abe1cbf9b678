"""Bringing people in from an HR system.

A *source* yields the lines of one file, a *mapping* says what its columns mean, and ``run.import_people`` makes the
stored people agree with them. The way of a line: ``source`` → ``reading`` (once over the whole file, into the
``roster`` on disk) → ``ordering`` (managers first) → ``planning`` (a thousand people at a time, reading only) →
``writing`` (one transaction per batch).
"""

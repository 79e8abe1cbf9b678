"""History from the log of another system: a new installation need not begin with empty reports.

The way of a line: ``source`` (of people's imports) → ``reading`` (who, what, when; programs and the impossible are left
out) → ``log`` (on disk, without names, in the order of people) → ``visits`` → ``counting`` → the figures of whole days,
weeks and months, by the same classes as the roll-up. Nothing raw is stored: the file on disk has no name and no person
in it, only numbers made with a key that this run keeps in memory.
"""

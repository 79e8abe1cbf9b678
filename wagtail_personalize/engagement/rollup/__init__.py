"""Rolling up: raw events become the figures of days, weeks and months.

The way of a number: ``grouping`` (the database joins the rows of one view) → ``counting`` (people are counted once
within each span, in memory, a content at a time) → ``replacing`` (the figures of whole spans, in one transaction).
``run.roll_up`` does it for every day that events came for; ``closing`` says when a day can change no more.
"""

"""The beacon: what a browser tells of a view, and how it is taken.

A page carries a signed token (``tokens.py``), the script sends events with it, ``reading.py`` decides which of them are
believed, ``taking.py`` stores them or puts them into the buffer. The answer is always 204.
"""

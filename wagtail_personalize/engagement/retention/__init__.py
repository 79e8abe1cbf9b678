"""How long what is measured lives, and what goes with a segment.

Raw events live for weeks, figures for two years, and who looked at a report for one. The daily command ``purge_audit``
calls what is registered in ``wiring.py``; each purge may run twice, late, and beside a roll-up.
"""

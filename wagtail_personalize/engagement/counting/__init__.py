"""Counting: what somebody did becomes rows that lead to nobody.

``happened.py`` says what goes in, ``storing.py`` is the one way in; no other module writes raw events.
"""

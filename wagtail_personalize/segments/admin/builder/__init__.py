"""The rule builder: StreamField blocks in front, the rule's JSON behind.

``declared.py`` makes the blocks from the site's declaration, ``conversion.py`` turns their value into the rule and
back without loss, ``fields.py`` is the form field that holds both together.
"""

"""Where we meet: comments and reactions on any page.

Installed as ``wagtail_personalize.communities``, above streams.
"""

"""Did it work: what is read, by which groups, without watching any person.

Installed as ``wagtail_personalize.engagement``, above all other rooms; nothing imports it.
"""

"""Finding it: an embedded search engine for modelsearch, and search that knows what each viewer may see.

Installed as ``wagtail_personalize.search``, above all other rooms but engagement.
"""

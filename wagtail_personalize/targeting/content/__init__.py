"""More that can be meant for somebody: snippets, menus, announcements, links, documents, landing pages, texts.

Everything here asks the same audiences as pages and blocks do. What it needs to know of the site's content is kept in
memory under one version (``memory.py``), so a page on which nothing of it is shown costs no query for it.
"""

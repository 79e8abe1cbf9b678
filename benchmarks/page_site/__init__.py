"""A small site, with the package (``PACKAGE=present``) or as it would be without it (``PACKAGE=absent``)."""

"""``check_leaks``: asks a site for everything, as everybody, and finds what somebody should not have been shown.

``people`` says who looks, ``hidden`` and ``contents`` what each of them may not see, ``fingerprints`` by what that is
recognised, ``starting_points`` and ``links`` where to look, ``asking`` how (``sandbox``: nothing is written),
``tracing`` who wrote it, and ``crawl`` puts it together.
"""

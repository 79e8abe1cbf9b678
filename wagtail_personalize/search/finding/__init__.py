"""Search that knows who asks: pages, people and documents, on whatever search backend the site has.

The engine only ranks. What it found is looked up again through the one door before anything is counted, so hits,
figures, filters and suggestions tell of nothing that the viewer may not open, also where an engine knows no audiences.
"""

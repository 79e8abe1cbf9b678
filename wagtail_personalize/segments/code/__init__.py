"""Segments as code: the JSON form of segments, written by ``dump_segments`` and read by ``load_segments``."""

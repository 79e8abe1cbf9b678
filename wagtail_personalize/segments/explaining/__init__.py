"""Why somebody is in a segment, or is not: ``explanation.explain(segment, person)``."""

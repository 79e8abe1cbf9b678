"""Named filters of the timeline: a person's own, and ready ones that editors offer to a segment."""

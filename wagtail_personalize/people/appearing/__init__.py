"""Whether and how somebody appears in the lists of colleagues on start pages: their own choice."""

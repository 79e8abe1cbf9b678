"""The format of a page: text, picture story, video, audio or document."""

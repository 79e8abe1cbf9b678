"""What the server itself sees: downloads, searches, reactions, comments, shares, bookmarks, follows, answers.

These come with ordinary requests and are stored once the request's transaction is over. Nothing that goes wrong here
reaches the person.
"""

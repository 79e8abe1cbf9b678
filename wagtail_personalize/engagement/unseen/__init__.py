"""What somebody has not seen of what is meant for them: told to that person alone, while something is built for them.

Nothing is written, and no list of people can be asked for: the pseudonyms of one person are made again from the keys of
the months, as long as there are any, and forgotten when the answer is given.
"""

"""Many rules about many people, answered from one reading of their profiles.

Statement by statement, five hundred rules read the profiles five hundred times. Here they are read once, a crowd of
people at a time, and only those columns that rules mention:

* A rule is taken apart into *atoms*, the positive conditions that it is made of; equal ones are one (``program``).
* Atoms that ask about the same values share a *topic*, which says how to read the values and which atoms a value
  satisfies; that is worked out once for each distinct value (``topics``, ``questions``, ``others``).
* An atom is a set of people, kept as a number with one bit for each, and rules are worked out by *and*, *or* and *not*
  of such numbers (``bits``, ``crowd``).
* What is stored of the crowd is read in the same way, and only the difference is written (``stored``, ``writing``).

The ``Q`` of a segment stays its definition: what is not known here (condition types of a site, unusual fields) is
answered by its ``Q`` and joined in as one more atom, what is known must answer exactly as the ``Q`` does, which a
property test holds against each other, and ``refresh_segments --check`` goes on asking the ``Q``.
"""

from .crowd import Crowd
from .program import Program
from .scope import People, Scope, Span

__all__ = ["Crowd", "People", "Program", "Scope", "Span"]

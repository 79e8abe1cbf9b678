"""*Only the people named below*: a rule that matches nobody, for segments that are lists of named people."""

from django.db.models import Q, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from . import register
from .base import ConditionType


class Nobody(ConditionType):
    """True for nobody: who is in the segment is decided by the lists beside its rule.

    An ordinary condition that is false, not an empty set, which Django would leave out of some statements.
    """

    operator = "nobody"
    label = _("only the people named below")
    phrase = _("only the people named by hand")

    def q(self, condition, compiler) -> Q:
        return Q(Exact(Value(1), Value(0)))


register(Nobody())

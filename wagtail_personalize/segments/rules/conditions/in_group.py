"""*Belongs to group* and its contrary: Django's own groups, named by their name."""

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.people.attributes import GROUPS
from wagtail_personalize.people.paths import end

from ..broken import BrokenRule
from ..operators import Shape
from . import register
from .base import ConditionType


class InGroup(ConditionType):
    """The person's user is in this Django group."""

    operator = "in_group"
    label = _("belongs to group")
    phrase = _("belongs to group %(value)s")
    shape = Shape.GROUP

    def q(self, condition, compiler) -> Q:
        profiles, path = compiler.declaration.profile_model, f"{compiler.declaration.user}__groups"
        try:
            end(profiles, path)
        except FieldDoesNotExist:
            raise BrokenRule(_now("The people of this site have no groups.")) from None
        group = compiler.names.group(condition["value"])
        return Q(Exists(profiles._base_manager.filter(pk=OuterRef("pk"), **{path: group})))

    def mentions(self, condition):
        yield GROUPS

    def sentence(self, condition, labels) -> str:
        return self.phrase % {"value": labels.group(condition.get("value"))}


class NotInGroup(InGroup):
    """Not in the group; a group that does not exist breaks the rule all the same."""

    operator = "not_in_group"
    label = _("does not belong to group")
    phrase = _("does not belong to group %(value)s")
    negates = "in_group"

    def q(self, condition, compiler) -> Q:
        return ~super().q(condition, compiler)


register(InGroup())
register(NotInGroup())

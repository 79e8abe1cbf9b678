"""*Belongs to group* and its contrary: Django's own groups, named by their name."""

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.people.attributes import GROUPS, Many

from ..nesting import OF_CONDITION
from ..operators import Shape
from ..targets import target
from . import register
from .base import ConditionType


class InGroup(ConditionType):
    """The person's user is in this Django group."""

    operator = "in_group"
    label = _("belongs to group")
    phrase = _("belongs to group %(value)s")
    shape = Shape.GROUP

    def q(self, condition, compiler) -> Q:
        groups = target(compiler.declaration, Many(GROUPS, "", path=f"{compiler.declaration.user}__groups"))
        return groups.some(Q(**{groups.path: compiler.names.group(condition["value"])}))

    def check(self, condition, compiler) -> int:
        compiler.names.group(condition["value"])
        return OF_CONDITION

    def mentions(self, condition):
        yield GROUPS

    def sentence(self, condition, labels) -> str:
        return self.phrase % {"value": labels.group(condition.get("value"))}

    def actual(self, person_id) -> str:
        users = get_user_model()._base_manager.filter(pk=person_id, groups__isnull=False)
        return ", ".join(users.order_by("groups__name").values_list("groups__name", flat=True)) or gettext("(none)")


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

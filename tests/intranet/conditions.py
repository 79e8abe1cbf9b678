"""A condition of the site's own over another app's model; the documentation shows this class."""

from wagtail_personalize.segments.conditions import ConditionType, Shape, register, watch

from .models import Completion, Training


@register
class HasCompleted(ConditionType):
    operator = "has_completed"
    label = "has completed the training"
    phrase = "has completed %(value)s"
    shape = Shape.CHOICES
    self_chosen = True
    watches = [watch("intranet.Completion", person="person"), watch("intranet.Training")]

    def choices(self):
        return Training.objects.values_list("code", "title")

    def q(self, condition, compiler):
        return self.people(Completion.objects.filter(training__code__in=condition["value"]).values("person"))

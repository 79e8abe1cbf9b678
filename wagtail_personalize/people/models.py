"""Tables of our own that make rules exact and fast on every database.

``FoldedValue`` holds the distinct texts of each text and choice attribute with their folded form, so no database
collation decides whether "Zürich" is "zurich". ``TreePath`` and ``ReportingLine`` are closure tables: *under* and
*reports to* are joins, never lists of ids.
"""

from django.conf import settings
from django.db import models


class FoldedValue(models.Model):
    """One distinct text of one attribute (or of a to-many text path), and what it folds to."""

    attribute = models.CharField(max_length=100)
    #: SHA-256 in hex of the value and of its folded form: ASCII, so equal means equal on every database.
    value_hash = models.CharField(max_length=64)
    value = models.TextField()
    folded = models.TextField()
    folded_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attribute", "value_hash"], name="personalize_foldedvalue_once")]
        indexes = [models.Index(fields=["attribute", "folded_hash"], name="personalize_folded_hash")]

    def __str__(self) -> str:
        return f"{self.attribute}: {self.value}"


class TreePath(models.Model):
    """``descendant`` is ``ancestor`` itself (depth 0) or somewhere below it. Keys are primary keys as text."""

    #: ``app_label.modelname`` of the tree's nodes.
    tree = models.CharField(max_length=150)
    ancestor = models.CharField(max_length=64)
    descendant = models.CharField(max_length=64)
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tree", "ancestor", "descendant"], name="personalize_treepath_once")
        ]

    def __str__(self) -> str:
        return f"{self.tree}: {self.ancestor} ⊃ {self.descendant}"


class ReportingLine(models.Model):
    """``person`` reports to ``manager``: directly at depth 1, over others at more."""

    manager = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "manager"], name="personalize_reportingline_once")]
        indexes = [models.Index(fields=["manager", "depth"], name="personalize_reports_to")]

    def __str__(self) -> str:
        return f"{self.person_id} reports to {self.manager_id}"


from .appearing.models import Appearance  # noqa: E402,F401
from .importing.models import Departure, ImportRun  # noqa: E402,F401
from .importing.uploads import ImportMapping, ImportUpload  # noqa: E402,F401
from .origins.models import ValueOrigin  # noqa: E402,F401

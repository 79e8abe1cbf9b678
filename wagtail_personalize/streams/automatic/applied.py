"""What applying rules did."""

from dataclasses import dataclass, field


@dataclass
class Applied:
    """How many subscriptions began by rule, changed their reason, began to run out, and ended."""

    began: int = 0
    changed: int = 0
    running_out: int = 0
    ended: int = 0
    #: What else may have changed than was asked for, because people have too many rules.
    source_ids: set[int] = field(default_factory=set)

    @property
    def is_change(self) -> bool:
        return bool(self.began or self.changed or self.running_out or self.ended)

"""Every hook and signal that the package offers: signature and one sentence.

Knowledge travels upwards through this file: a lower room sends, a higher room or the site receives. Nothing here
imports a room.
"""

from typing import Any

from django.dispatch import Signal

#: Rows of people, or what rules are compiled against (distinct texts, trees, lines), are about to be written. Sent
#: first in the transaction of ``profiles_changed``, perhaps several times, so that a receiver can make others wait.
profiles_changing = Signal()

#: Profiles changed. Arguments: ``person_ids`` (a list of user keys, or ``None`` for everybody), ``attributes`` (a set
#: of declared attribute names, or ``None`` for all) and ``cause`` (``"profile"``, ``"import"``, ``"bulk"``). Sent in
#: the transaction of the change.
profiles_changed = Signal()

#: Something that rules may name (a linked object, a Django group, a user) came, went or was renamed, and nobody's
#: profile changed by it. Argument: ``attributes``, the names of the attributes whose rules may name it.
names_changed = Signal()

#: Stored memberships changed. Arguments: ``segment_ids`` (a set, or ``None`` for all), ``person_ids`` (a list, or
#: ``None`` when the change was set-based) and ``cause``. One signal for a whole change, never one per row.
memberships_changed = Signal()

#: A segment was saved or deleted. Arguments: ``segment_uuid`` and ``deleted`` (bool).
segment_changed = Signal()

#: Segments are about to be deleted. Argument: ``segment_ids`` (a list). One signal for many, in the transaction of the
#: deletion: whoever has very many rows that point to them takes them away first, in one statement.
segments_deleting = Signal()

#: The audience of a page changed. Arguments: ``translation_key`` and ``user`` (who changed it, or ``None``).
audience_changed = Signal()

#: What pages inherit was stored anew. Arguments: ``paths`` (a list; at and below them it may differ, ``""`` is all of
#: the site) and ``changed`` (those of them that do not merely have stored by now what held before). Sent in the
#: transaction of the change, while the lock of the audiences is held.
audiences_stored = Signal()

#: People passed from one stage of a journey to another. Arguments: ``journey``, ``person_ids`` (a list), ``stage_from``
#: and ``stage_to`` (``Stage`` or ``None``) and ``cause``. One signal for each pair of stages, however many people; sent
#: in the transaction of the change, and not when the journey itself was changed.
stage_changed = Signal()

#: The hashtags of live pages changed, or the pages are not live any more. Argument: ``page_ids`` (a list of pages that
#: were read). One signal for many pages; sent in the transaction of the change.
hashtags_changed = Signal()

#: People began or stopped following something, or how much of it. Arguments: ``source_ids`` (a set; some of them may be
#: unchanged) and ``person_ids`` (a list, or ``None`` when it was set-based). One signal for a whole change; sent
#: in its transaction.
subscriptions_changed = Signal()

#: A mail server took an e-mail, or somebody came by a link of one. Arguments: ``person_id``, ``mailing`` (``"digest"``
#: or the name of an event), ``step`` (``"accepted"`` or ``"clicked"``) and ``token`` (the same if it is told again).
mail_told = Signal()

#: Something worth counting happened. Arguments: ``kind`` (str), ``obj`` and ``viewer``. Without the engagement room
#: nobody listens.
recorded = Signal()


def record(kind: str, obj: Any, viewer: Any) -> None:
    """Tell whoever measures that ``viewer`` did ``kind`` to ``obj``; previews do not count."""
    if getattr(viewer, "is_preview", False):
        return
    recorded.send(sender=None, kind=kind, obj=obj, viewer=viewer)

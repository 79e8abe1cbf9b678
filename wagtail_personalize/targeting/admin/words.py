"""The words that ``audience-input.js`` needs, translated here so that one catalogue holds them all."""

from django.utils.translation import gettext as _


def chooser_words() -> dict[str, str]:
    """Keys as the script uses them."""
    return {
        "everyone": _("Everyone"),
        "or": _("or"),
        "not": _("not"),
        "from": _("from"),
        "until": _("until"),
        # Translators: %s is a number of people, such as "1,284 people".
        "reaches": _("Reaches %s."),
        "unavailable": _("The size cannot be shown right now."),
    }

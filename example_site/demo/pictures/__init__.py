"""Illustrations drawn by code: flat scenes in the colours of the house, one SVG of 1200 × 675 each.

``draw("utrecht")`` returns the SVG as text. Only presentation attributes are used, never styles or scripts, so the
drawings are welcome under a strict Content-Security-Policy.
"""

from . import indoors, landscapes, objects, portraits, sites
from .canvas import Scene

SCENES: dict[str, Scene] = {
    **sites.SCENES,
    **landscapes.SCENES,
    **indoors.SCENES,
    **objects.SCENES,
    **portraits.SCENES,
}


def draw(name: str) -> str:
    """The scene called ``name`` as SVG text."""
    return SCENES[name]()

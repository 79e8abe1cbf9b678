"""Pencil and paper: a few shapes, the palette, and things that appear in more than one scene."""

from collections.abc import Callable

Scene = Callable[[], str]

WIDTH, HEIGHT = 1200, 675

INK = "#0a2c36"
PETROL = "#0f4c5c"
TEAL = "#1f7a8c"
AQUA = "#7fb7be"
MIST = "#dcebec"
SNOW = "#f6fafa"
EMBER = "#e2622b"
AMBER = "#f4a259"
SAND = "#f8ead8"
LEAF = "#5f9674"
MOSS = "#3c6e57"
SLATE = "#5b7480"
STEEL = "#c3d2d6"


def rect(x, y, width, height, fill, rx=0, **more):
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{rx}" fill="{fill}"{_attributes(more)}/>'


def circle(x, y, r, fill, **more):
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}"{_attributes(more)}/>'


def ellipse(x, y, rx, ry, fill, **more):
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}"{_attributes(more)}/>'


def shape(points, fill, **more):
    """A polygon from ``"x,y x,y …"``."""
    return f'<polygon points="{points}" fill="{fill}"{_attributes(more)}/>'


def path(d, fill="none", **more):
    return f'<path d="{d}" fill="{fill}"{_attributes(more)}/>'


def line(d, stroke, width=8, **more):
    return path(d, stroke=stroke, stroke_width=width, stroke_linecap="round", stroke_linejoin="round", **more)


def at(x, y, *parts, scale=1):
    return f'<g transform="translate({x} {y}) scale({scale})">{"".join(parts)}</g>'


def turned(angle, *parts):
    return f'<g transform="rotate({angle})">{"".join(parts)}</g>'


def faint(opacity, *parts):
    return f'<g opacity="{opacity}">{"".join(parts)}</g>'


def _attributes(more):
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())


def picture(top, bottom, *parts):
    """The whole sheet, with a sky from ``top`` to ``bottom``."""
    sky = (
        f'<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{top}"/>'
        f'<stop offset="1" stop-color="{bottom}"/></linearGradient></defs>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{sky}{rect(0, 0, WIDTH, HEIGHT, 'url(#sky)')}{''.join(parts)}</svg>"
    )


def cloud(x, y, scale=1, fill=SNOW, opacity=0.85):
    puffs = [
        circle(0, 0, 34, fill),
        circle(42, -18, 44, fill),
        circle(92, -4, 36, fill),
        rect(-34, 0, 162, 36, fill, 18),
    ]
    return at(x, y, faint(opacity, *puffs), scale=scale)


def tree(x, y, scale=1, crown=LEAF, shade=MOSS):
    crown_parts = [ellipse(0, -95, 46, 66, crown), path("M0 -161 A46 66 0 0 1 0 -29 Z", shade)]
    return at(x, y, rect(-5, -50, 10, 50, INK, 3), *crown_parts, scale=scale)


def windows(x, y, columns, rows, fill, width=22, height=30, gap_x=44, gap_y=56):
    return "".join(
        rect(x + column * gap_x, y + row * gap_y, width, height, fill, 3)
        for row in range(rows)
        for column in range(columns)
    )


def heat_pump(x, y, scale=1, body=SNOW, trim=STEEL, fan=PETROL):
    """The outdoor unit, 240 × 190, standing on ``y``."""
    blade = path("M0 0 C-18 -42 8 -66 24 -52 C30 -30 16 -14 0 0Z", AQUA)
    blades = at(88, -98, *[turned(angle, blade) for angle in (0, 120, 240)])
    ribs = "".join(rect(186, -160 + step * 22, 36, 8, trim, 4) for step in range(6))
    return at(
        x,
        y,
        ellipse(120, 2, 140, 10, INK, opacity=0.15),
        rect(24, -14, 30, 14, SLATE),
        rect(186, -14, 30, 14, SLATE),
        rect(0, -190, 240, 178, body, 14),
        rect(0, -40, 240, 28, trim, 8, opacity=0.5),
        circle(88, -98, 72, trim),
        circle(88, -98, 64, fan),
        blades,
        circle(88, -98, 14, SNOW),
        ribs,
        circle(204, -26, 5, EMBER),
        scale=scale,
    )


def person(x, y, coat=TEAL, skin="#d9a47c", hair=INK, scale=1, helmet=""):
    """Head and shoulders, cut off at the waist on ``y``."""
    top = path("M-38 -172 A38 38 0 0 1 38 -172 Z", helmet) + rect(-46, -176, 92, 9, helmet, 4) if helmet else ""
    return at(
        x,
        y,
        path("M-78 0 V-58 C-78 -100 -44 -112 0 -112 C44 -112 78 -100 78 -58 V0 Z", coat),
        rect(-15, -130, 30, 32, skin, 12),
        path("M-40 -160 C-44 -218 44 -218 40 -160 C40 -150 -40 -150 -40 -160Z", hair),
        ellipse(0, -156, 32, 38, skin),
        path("M-33 -164 C-20 -178 10 -188 33 -166 C34 -196 -30 -204 -33 -164Z", hair),
        top,
        scale=scale,
    )


def stars(fill=SNOW):
    spots = [(90, 80, 3), (210, 150, 2), (330, 60, 2), (470, 120, 3), (600, 50, 2), (730, 140, 2), (1130, 60, 2)]
    more = [(140, 240, 2), (400, 210, 2), (640, 200, 2), (1050, 180, 3), (1160, 250, 2), (520, 260, 2)]
    return "".join(circle(x, y, r, fill, opacity=0.8) for x, y, r in spots + more)

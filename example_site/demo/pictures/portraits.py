"""Portraits of people who do not exist, for the personas: one large figure in the middle of the sheet."""

from .canvas import (
    AMBER,
    AQUA,
    EMBER,
    HEIGHT,
    INK,
    MIST,
    PETROL,
    SAND,
    SNOW,
    STEEL,
    TEAL,
    circle,
    faint,
    heat_pump,
    person,
    picture,
    rect,
    stars,
    windows,
)

DARK, BROWN, FAIR, WARM = "#8d5a3c", "#b97f58", "#e8bd98", "#d9a47c"
_MIDDLE, _SIZE = 600, 2.7


def _portrait(coat, skin, hair, helmet=""):
    return person(_MIDDLE, HEIGHT, coat, skin, hair, _SIZE, helmet=helmet)


def nina():
    sun = faint(0.5, circle(780, 180, 120, AMBER))
    return picture(SAND, SNOW, sun, _portrait(TEAL, FAIR, "#7b4b2a"))


def daria():
    machine = faint(0.8, heat_pump(300, HEIGHT - 20, 1.2, body=STEEL))
    return picture(INK, PETROL, stars(), machine, _portrait(EMBER, WARM, INK, helmet=AMBER))


def helen():
    office = faint(0.6, rect(330, 120, 540, 560, MIST, 10), windows(380, 170, 5, 6, AQUA, 40, 50, 100, 90))
    return picture("#e3eeef", "#f8fbfb", office, _portrait(PETROL, FAIR, "#c9c4bd"))


def ravi():
    shelf = rect(300, 190, 600, 14, BROWN, 4) + "".join(
        rect(330 + n * 34, 110 + n % 3 * 12, 24, 80 - n % 3 * 12, [TEAL, AMBER, EMBER, PETROL][n % 4], 3)
        for n in (0, 1, 2, 3, 13, 14, 15)
    )
    return picture("#f3e7d8", SAND, shelf, _portrait("#4f6d8f", DARK, INK))


SCENES = {"portrait-nina": nina, "portrait-daria": daria, "portrait-helen": helen, "portrait-ravi": ravi}

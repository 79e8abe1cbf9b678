"""Scenes out of doors: houses, towers, a lake."""

from .canvas import (
    AMBER,
    AQUA,
    EMBER,
    INK,
    LEAF,
    MIST,
    MOSS,
    PETROL,
    SAND,
    SLATE,
    SNOW,
    TEAL,
    at,
    circle,
    cloud,
    ellipse,
    heat_pump,
    line,
    path,
    picture,
    rect,
    shape,
    stars,
    tree,
    windows,
)


def heat_pump_scene():
    return picture(
        "#cfe8ec",
        "#fbf4ea",
        circle(1010, 140, 60, AMBER),
        cloud(160, 130),
        cloud(720, 100, 0.8),
        path("M0 470 C260 400 480 450 700 420 S1050 390 1200 430 V675 H0Z", LEAF, opacity=0.5),
        rect(90, 300, 470, 270, SAND),
        shape("50,306 325,110 600,306", "#b4563a"),
        rect(430, 130, 44, 90, "#8f3f2a"),
        rect(150, 360, 110, 100, TEAL, 6),
        line("M205 360 v100 M150 410 h110", SNOW, 6),
        rect(390, 360, 110, 100, TEAL, 6),
        line("M445 360 v100 M390 410 h110", SNOW, 6),
        rect(285, 420, 84, 150, PETROL, 6),
        circle(352, 500, 5, AMBER),
        rect(0, 570, 1200, 105, MOSS),
        heat_pump(690, 590, 1.25),
        line("M560 520 h130", SLATE, 12),
        line("M1030 430 q26 -22 52 0 t52 0 M1030 480 q26 -22 52 0 t52 0", TEAL, 8),
        tree(640, 590, 0.8),
        tree(1130, 600, 1.2),
        ellipse(40, 580, 90, 40, LEAF),
    )


def neighbourhood():
    fills = [SAND, MIST, "#f1c9a5", SNOW]
    roofs = ["#b4563a", PETROL, "#8f3f2a", TEAL]
    houses = "".join(_terraced(40 + n * 285, fills[n], roofs[n]) for n in range(4))
    return picture(
        "#d3e9ea",
        "#fdf3e3",
        circle(160, 130, 56, AMBER),
        cloud(420, 120),
        cloud(900, 150, 0.9),
        path("M0 430 C300 350 700 420 1200 340 V675 H0Z", LEAF, opacity=0.45),
        houses,
        rect(0, 560, 1200, 115, MOSS),
        rect(0, 610, 1200, 65, SLATE),
        "".join(heat_pump(206 + n * 285, 590, 0.42) for n in range(4)),
    )


def _terraced(x, fill, roof):
    return at(
        x,
        560,
        rect(0, -250, 265, 250, fill),
        shape("-14,-246 132,-366 279,-246", roof),
        rect(26, -206, 62, 66, TEAL, 4),
        rect(172, -206, 62, 66, TEAL, 4),
        rect(30, -110, 58, 110, INK, 4),
        rect(120, -106, 50, 56, AQUA, 4),
        circle(78, -54, 4, AMBER),
    )


def towers():
    blocks = [
        (80, 190, 190, PETROL),
        (320, 120, 190, TEAL),
        (560, 230, 170, SLATE),
        (780, 150, 200, PETROL),
        (1020, 250, 150, TEAL),
    ]
    flats = "".join(_tower_block(*block) for block in blocks)
    return picture(
        "#e9ddd0",
        "#fdf6ec",
        circle(960, 110, 50, EMBER, opacity=0.9),
        cloud(110, 100, 0.8),
        cloud(640, 120, 0.9),
        flats,
        rect(0, 580, 1200, 95, LEAF),
        "".join(tree(x, 590, s) for x, s in [(50, 0.8), (295, 1), (540, 0.7), (760, 1), (1000, 0.9), (1185, 1.1)]),
        rect(0, 620, 1200, 55, MOSS),
    )


def _tower_block(x, y, width, fill):
    columns = width // 46
    lit = "".join(
        rect(x + 18 + c * 44, y + 24 + r * 46, 26, 28, AMBER if (c * 7 + r * 5) % 4 == 0 else MIST, 3)
        for c in range(columns)
        for r in range((560 - y) // 46)
    )
    return rect(x, y, width, 580 - y, fill, 6) + lit + heat_pump(x + width / 2 - 40, y, 0.3)


def lake():
    return picture(
        "#bfe1e6",
        "#fdeeda",
        circle(860, 190, 74, AMBER),
        shape("0,400 180,230 330,350 470,210 660,380 800,270 980,390 1200,250 1200,440 0,440", AQUA, opacity=0.8),
        shape("470,210 428,264 468,280 512,264", SNOW),
        path("M0 420 C300 380 800 430 1200 390 V470 H0Z", MOSS),
        rect(0, 450, 1200, 225, TEAL),
        ellipse(860, 500, 120, 10, AMBER, opacity=0.6),
        ellipse(860, 540, 80, 8, AMBER, opacity=0.4),
        shape("320,560 320,330 470,540", SNOW),
        shape("308,550 308,370 220,540", EMBER),
        path("M190 566 h300 q-30 54 -80 54 h-150 q-50 0 -70 -54Z", INK),
        "".join(
            line(f"M{x} {y} h{w}", AQUA, 5, opacity=0.7)
            for x, y, w in [(60, 500, 80), (580, 590, 150), (960, 620, 140), (660, 490, 70)]
        ),
        tree(1090, 470, 1.2),
        tree(1160, 476, 0.9),
    )


def party():
    colours = [EMBER, AMBER, SNOW, AQUA, AMBER, EMBER, SNOW]
    bulbs = "".join(circle(110 + n * 160, 150 + (40 if n % 2 else 84), 20, colours[n]) for n in range(7))
    return picture(
        "#0b2a36",
        "#7a4a3f",
        stars(),
        path("M0 430 C300 350 560 410 800 370 S1100 360 1200 390 V500 H0Z", INK, opacity=0.8),
        rect(0, 470, 1200, 205, "#12404e"),
        line("M0 90 C80 210 140 200 200 190 S420 240 520 190 S760 240 860 190 S1080 230 1200 80", SAND, 4),
        bulbs,
        "".join(ellipse(110 + n * 160, 540 + (n % 3) * 26, 34, 6, colours[n], opacity=0.5) for n in range(7)),
        shape("380,470 380,350 600,280 820,350 820,470", "#7d3b29"),
        shape("350,356 600,262 850,356 850,376 600,286 350,376", "#4f2418"),
        windows(430, 376, 8, 1, AMBER, 30, 60, 45),
        rect(330, 470, 540, 16, SAND),
        "".join(rect(x, 486, 10, 70, "#4f2418") for x in (360, 480, 600, 720, 830)),
    )


SCENES = {
    "heat-pump": heat_pump_scene,
    "lake": lake,
    "neighbourhood": neighbourhood,
    "party": party,
    "towers": towers,
}

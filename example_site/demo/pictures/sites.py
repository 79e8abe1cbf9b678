"""Scenes of the four sites, and of a plant at night."""

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
    STEEL,
    TEAL,
    at,
    circle,
    cloud,
    faint,
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


def munich():
    alps = shape("0,470 150,300 240,380 380,240 520,400 640,290 780,420 900,310 1060,420 1200,330 1200,675 0,675", AQUA)
    snow = shape("380,240 340,290 372,304 396,292 424,306", SNOW) + shape("640,290 610,328 642,340 672,328", SNOW)
    return picture(
        "#cfe6ea",
        SAND,
        circle(960, 150, 64, AMBER),
        cloud(180, 150),
        cloud(640, 110, 0.7),
        faint(0.7, alps, snow),
        rect(0, 520, 1200, 155, LEAF),
        "".join(_onion_tower(x) for x in (470, 610)),
        rect(440, 380, 320, 170, "#b4563a"),
        shape("440,380 600,300 760,380", "#8f3f2a"),
        "".join(rect(470 + n * 64, 430, 26, 84, INK, 13) for n in range(5)),
        rect(850, 400, 260, 150, SNOW, 6),
        windows(874, 424, 5, 2, TEAL),
        rect(120, 430, 240, 120, MIST, 6),
        windows(142, 450, 5, 1, PETROL),
        tree(80, 560),
        tree(400, 566, 0.8),
        tree(805, 566, 0.9),
        tree(1150, 560, 1.1),
        rect(0, 552, 1200, 123, MOSS),
        line("M0 612 H1200", SAND, 4, stroke_dasharray="26 26"),
    )


def _onion_tower(x):
    return at(
        x,
        550,
        rect(-34, -310, 68, 310, "#b4563a"),
        rect(-12, -270, 24, 46, INK, 12),
        rect(-12, -190, 24, 46, INK, 12),
        path("M-36 -310 C-52 -360 -14 -372 0 -402 C14 -372 52 -360 36 -310Z", TEAL),
        rect(-3, -440, 6, 42, AMBER),
    )


def landshut():
    roof = "".join(shape(f"{x},390 {x},320 {x + 130},390", SLATE) for x in range(420, 1070, 130))
    glass = "".join(shape(f"{x + 6},384 {x + 6},338 {x + 40},384", AQUA) for x in range(420, 1070, 130))
    return picture(
        "#f3d9b6",
        "#fbf3e6",
        circle(220, 180, 70, EMBER, opacity=0.85),
        path("M0 470 C200 380 420 430 620 400 S1000 350 1200 420 V675 H0Z", LEAF, opacity=0.55),
        at(
            210,
            520,
            rect(-26, -210, 52, 210, "#a5563f"),
            shape("-26,-210 0,-400 26,-210", PETROL),
            rect(-8, -170, 16, 40, INK, 8),
        ),
        rect(60, 440, 300, 110, SAND, 4),
        shape("50,440 210,380 370,440", "#b4563a"),
        windows(90, 470, 6, 1, PETROL),
        rect(420, 390, 650, 180, MIST),
        roof,
        glass,
        windows(450, 430, 13, 1, TEAL, 28, 44, 47),
        rect(690, 490, 110, 80, PETROL, 4),
        "".join(line(f"M690 {y} H800", AQUA, 3) for y in (506, 522, 538, 554)),
        rect(0, 560, 1200, 115, MOSS),
        rect(0, 596, 1200, 79, SLATE),
        heat_pump(880, 596, 0.55),
        heat_pump(1030, 596, 0.55),
        tree(385, 596, 0.9),
        tree(40, 596, 1.1),
    )


def utrecht():
    colours = ["#b4563a", PETROL, AMBER, TEAL, "#8f3f2a", SLATE, EMBER]
    houses = "".join(_gabled_house(60 + n * 158, 470, colours[n], n) for n in range(7))
    dom = at(
        820,
        470,
        rect(-44, -330, 88, 330, "#8a7560"),
        rect(-34, -400, 68, 80, "#9d8870"),
        shape("-26,-400 0,-450 26,-400", PETROL),
        "".join(rect(-24 + n * 34, -300, 14, 90, INK, 7) for n in range(2)),
        rect(-10, -384, 20, 54, INK, 10),
    )
    ripples = "".join(
        line(f"M{x} {y} h{w}", AQUA, 5, opacity=0.6)
        for x, y, w in [(90, 590, 90), (300, 620, 140), (620, 596, 110), (860, 636, 150), (1040, 586, 80)]
    )
    return picture(
        "#bfe0e3",
        "#fdf5ea",
        cloud(140, 130),
        cloud(520, 90, 0.8),
        cloud(980, 160, 0.9),
        faint(0.8, dom),
        houses,
        rect(0, 470, 1200, 60, "#a08a76"),
        "".join(path(f"M{x} 530 v-22 a26 26 0 0 1 52 0 v22 Z", INK, opacity=0.55) for x in range(90, 1150, 158)),
        rect(0, 530, 1200, 145, TEAL),
        ripples,
        path("M430 590 h240 l-30 44 h-180 Z", EMBER),
        rect(500, 560, 90, 32, SNOW, 6),
        windows(512, 568, 3, 1, TEAL, 16, 14, 25),
    )


def _gabled_house(x, base, fill, n):
    height = 190 + (n * 37) % 70
    left = [(0, 0), (0, 26), (22, 26), (22, 52), (48, 52), (48, 78)]
    right = [(144 - across, up) for across, up in reversed(left)]
    steps = " ".join(f"{across},-{height + up}" for across, up in left + right)
    return at(
        x,
        base,
        rect(0, -height, 144, height, fill),
        shape(steps, fill),
        windows(22, -height + 14, 3, 2, SAND, 24, 40, 38, 62),
        rect(58, -height - 46, 28, 32, SAND, 4),
        rect(20, -52, 34, 52, INK, 4),
        rect(72, -52, 52, 34, SAND, 4),
    )


def london():
    shard = shape("820,560 880,120 900,120 960,560", AQUA) + shape("890,120 900,120 960,560 890,560", TEAL)
    blocks = [(40, 330, 120), (150, 390, 90), (250, 300, 100), (980, 360, 110), (1090, 300, 130)]
    skyline = "".join(
        rect(x, y, w, 560 - y, SLATE, 4) + windows(x + 16, y + 22, max(1, w // 34), 3, MIST, 14, 22, 32, 48)
        for x, y, w in blocks
    )
    return picture(
        "#d6e4ec",
        "#f9efe3",
        cloud(120, 140, 0.9),
        cloud(620, 100, 1.1),
        faint(0.75, skyline, shard),
        _bridge(),
        rect(0, 560, 1200, 115, PETROL),
        "".join(
            line(f"M{x} {y} h{w}", AQUA, 5, opacity=0.5)
            for x, y, w in [(60, 600, 130), (380, 630, 100), (700, 606, 160), (1000, 640, 110)]
        ),
        rect(940, 470, 170, 78, EMBER, 14),
        windows(958, 484, 5, 1, SNOW, 20, 22, 29),
        windows(958, 514, 5, 1, SNOW, 20, 18, 29),
        circle(978, 550, 14, INK),
        circle(1072, 550, 14, INK),
    )


def _bridge():
    tower = (
        rect(-44, -300, 88, 300, SAND) + shape("-50,-300 0,-390 50,-300", PETROL) + rect(-16, -260, 32, 60, SLATE, 16)
    )
    tower += rect(-26, -130, 52, 90, SLATE, 26)
    return "".join(
        [
            path("M0 470 Q150 480 300 290 M620 290 Q760 480 940 500", stroke=TEAL, stroke_width=10),
            rect(300, 300, 320, 18, TEAL),
            at(300, 560, tower),
            at(620, 560, tower),
            rect(0, 500, 1200, 18, INK),
        ]
    )


def night():
    roof = "".join(shape(f"{x},400 {x},330 {x + 140},400", INK) for x in range(260, 1100, 140))
    return picture(
        "#071a24",
        "#14475a",
        stars(),
        path("M960 78 A62 62 0 1 0 1022 140 A48 48 0 1 1 960 78Z", SAND),
        faint(0.5, path("M0 500 C220 420 500 470 720 430 S1060 420 1200 460 V675 H0Z", INK)),
        rect(260, 400, 840, 180, PETROL),
        roof,
        windows(290, 436, 15, 1, AMBER, 34, 52, 53),
        rect(610, 510, 120, 70, AMBER, 4),
        rect(0, 580, 1200, 95, INK),
        shape("610,580 730,580 800,675 540,675", AMBER, opacity=0.25),
        rect(120, 360, 60, 220, SLATE),
        rect(112, 348, 76, 16, STEEL, 4),
        "".join(circle(150 + n * 26, 320 - n * 34, 18 + n * 6, SNOW, opacity=0.16) for n in range(5)),
        heat_pump(820, 604, 0.55, body=STEEL),
    )


SCENES = {
    "landshut": landshut,
    "london": london,
    "munich": munich,
    "night": night,
    "utrecht": utrecht,
}

"""Scenes with people and rooms: the line, meetings, the canteen, the desk at home."""

from .canvas import (
    AMBER,
    AQUA,
    EMBER,
    INK,
    LEAF,
    MIST,
    PETROL,
    SAND,
    SLATE,
    SNOW,
    STEEL,
    TEAL,
    at,
    circle,
    ellipse,
    faint,
    heat_pump,
    line,
    path,
    person,
    picture,
    rect,
    shape,
    windows,
)

DARK, BROWN, FAIR = "#8d5a3c", "#b97f58", "#e8bd98"


def assembly():
    arm = at(
        600,
        470,
        rect(-50, -20, 100, 20, INK, 6),
        line("M0 -20 L-40 -170 L120 -270 L170 -190", EMBER, 34),
        circle(0, -24, 26, AMBER),
        circle(-40, -170, 24, AMBER),
        circle(120, -270, 22, AMBER),
        line("M170 -190 v34", INK, 14),
    )
    return picture(
        "#e3eeef",
        "#f8fbfb",
        "".join(rect(x, 0, 22, 300, MIST) for x in range(90, 1200, 240)),
        rect(0, 90, 1200, 16, STEEL),
        "".join(
            at(
                x,
                106,
                rect(-2, 0, 4, 50, SLATE),
                shape("-46,92 46,92 24,50 -24,50", PETROL),
                shape("-46,92 46,92 130,330 -130,330", AMBER, opacity=0.1),
            )
            for x in (200, 600, 1000)
        ),
        arm,
        person(180, 470, PETROL, BROWN, INK, 1.1, helmet=AMBER),
        person(1050, 470, EMBER, FAIR, "#6b4a2f", 1.1, helmet=SNOW),
        heat_pump(300, 470, 0.8),
        heat_pump(690, 470, 0.8),
        rect(0, 470, 1200, 46, SLATE),
        "".join(circle(x, 540, 22, STEEL) + circle(x, 540, 8, SLATE) for x in range(40, 1200, 80)),
        rect(0, 566, 1200, 109, STEEL),
        rect(0, 600, 1200, 14, AMBER),
    )


def welcome():
    garland = "".join(
        shape(
            f"{60 + n * 110},{96 + (n % 2) * 14} {130 + n * 110},{96 + (n % 2) * 14} {95 + n * 110},168",
            [EMBER, AMBER, TEAL, PETROL][n % 4],
        )
        for n in range(10)
    )
    people = [
        person(250, 610, TEAL, FAIR, "#7b4b2a", 1.5),
        person(480, 610, AMBER, DARK, INK, 1.45),
        person(720, 610, PETROL, BROWN, INK, 1.55),
        person(960, 610, EMBER, FAIR, "#c9a063", 1.45),
    ]
    return picture(
        "#fbeedd",
        "#f5dcc0",
        faint(0.6, circle(160, 380, 190, SNOW), circle(1050, 320, 240, SNOW), circle(600, 300, 200, SNOW)),
        line("M0 80 C300 130 900 130 1200 80", INK, 4),
        garland,
        *people,
        rect(0, 600, 1200, 75, PETROL),
        rect(520, 560, 160, 44, SNOW, 8),
        rect(540, 574, 90, 8, STEEL, 4),
        rect(540, 588, 60, 8, STEEL, 4),
    )


def meeting():
    bubbles = [
        rect(126, 90, 308, 144, SNOW, 24),
        shape("210,230 260,230 210,284", SNOW),
        rect(746, 130, 318, 128, AMBER, 24),
        shape("954,254 1004,254 1004,304", AMBER),
    ]
    words = "".join(rect(166, y, w, 12, STEEL, 6) for y, w in [(128, 220), (156, 180), (184, 120)])
    words += "".join(rect(790, y, w, 12, INK, 6, opacity=0.5) for y, w in [(168, 220), (196, 150)])
    return picture(
        PETROL,
        TEAL,
        faint(0.12, circle(600, 340, 300, SNOW), circle(600, 340, 420, SNOW)),
        *bubbles,
        words,
        person(280, 560, SAND, BROWN, INK, 1.35),
        person(500, 540, EMBER, FAIR, "#8a5a33", 1.2),
        person(710, 540, AQUA, DARK, INK, 1.2),
        person(930, 560, MIST, FAIR, INK, 1.35),
        ellipse(600, 590, 520, 70, "#7d4a33"),
        ellipse(600, 578, 520, 66, "#9c6244"),
        rect(420, 540, 110, 16, SNOW, 6),
        circle(700, 560, 18, SNOW),
        rect(760, 548, 90, 14, INK, 5),
    )


def canteen():
    bowl = path("M0 0 h220 c0 90 -60 130 -110 130 s-110 -40 -110 -130Z", EMBER) + rect(-12, -10, 244, 20, "#b64a1c", 10)
    steam = "".join(line(f"M{x} -30 q-22 -34 0 -66 t0 -66", SNOW, 10, opacity=0.8) for x in (60, 110, 160))
    plate = ellipse(0, 0, 190, 46, SNOW) + ellipse(0, -4, 130, 28, MIST)
    return picture(
        "#9cc7c6",
        "#dcebe4",
        windows(80, 70, 4, 1, SNOW, 220, 190, 270),
        "".join(path(f"M{120 + n * 270} 260 a70 80 0 0 1 140 0Z", LEAF, opacity=0.6) for n in range(4)),
        rect(0, 260, 1200, 26, "#cfe2dc"),
        rect(0, 470, 1200, 205, "#a06a48"),
        rect(0, 470, 1200, 18, "#8a583a"),
        at(160, 400, steam, bowl),
        at(
            640,
            520,
            plate,
            ellipse(-40, -22, 60, 24, LEAF),
            ellipse(40, -24, 66, 26, AMBER),
            circle(10, -44, 18, EMBER),
        ),
        at(
            930,
            380,
            rect(0, 0, 130, 150, SNOW, 16),
            path("M130 34 h36 a28 28 0 0 1 0 76 h-36", stroke=SNOW, stroke_width=18),
            line("M45 -24 q-16 -26 0 -52 M85 -24 q-16 -26 0 -52", SNOW, 8),
        ),
        rect(440, 450, 12, 150, STEEL, 6),
        rect(840, 450, 12, 150, STEEL, 6),
    )


def remote():
    return picture(
        "#e9dccb",
        "#f6ede1",
        rect(90, 70, 420, 330, SNOW, 10),
        rect(108, 88, 384, 294, "#bfe1e6"),
        circle(400, 160, 40, AMBER),
        path("M108 320 C220 260 340 330 492 270 V382 H108Z", LEAF),
        rect(294, 88, 12, 294, SNOW),
        rect(0, 520, 1200, 155, "#8a583a"),
        rect(120, 490, 980, 34, "#a8714d", 8),
        rect(480, 280, 330, 200, INK, 12),
        rect(494, 294, 302, 172, TEAL, 6),
        at(560, 466, person(0, 0, SAND, DARK, INK, 0.6)),
        at(720, 466, person(0, 0, EMBER, FAIR, "#7b4b2a", 0.6)),
        rect(600, 478, 90, 14, SLATE, 4),
        rect(880, 420, 70, 72, EMBER, 8),
        line("M900 404 q-10 -18 0 -34 M930 404 q-10 -18 0 -34", SNOW, 6),
        at(
            1010,
            490,
            rect(-34, -60, 68, 60, PETROL, 8),
            *[line(f"M0 -60 q{dx} -60 {dx * 2} -90", LEAF, 14) for dx in (-30, -10, 14, 34)],
        ),
        rect(200, 440, 170, 50, PETROL, 6),
        rect(214, 400, 150, 40, AMBER, 6),
    )


def safety():
    vest = shape("430,600 470,330 560,300 600,380 640,300 730,330 770,600", EMBER)
    stripes = (
        rect(448, 430, 304, 34, AMBER)
        + rect(440, 510, 320, 34, AMBER)
        + rect(500, 316, 34, 284, AMBER)
        + rect(666, 316, 34, 284, AMBER)
    )
    return picture(
        TEAL,
        PETROL,
        faint(0.15, circle(600, 330, 300, SNOW)),
        "".join(shape(f"{x},620 {x + 60},620 {x + 115},675 {x + 55},675", AMBER) for x in range(-60, 1260, 120)),
        vest,
        stripes,
        path("M470 220 a130 130 0 0 1 260 0Z", AMBER),
        rect(440, 214, 320, 26, "#d9822f", 13),
        rect(585, 84, 30, 136, "#d9822f", 12),
        at(
            180,
            330,
            path("M0 0 L110 -40 L220 0 V110 C220 190 160 230 110 250 C60 230 0 190 0 110Z", SNOW),
            line("M60 100 l36 38 l70 -80", LEAF, 26),
        ),
        at(850, 340, circle(110, 90, 110, SNOW), rect(92, 10, 36, 160, EMBER, 8), rect(30, 72, 160, 36, EMBER, 8)),
    )


SCENES = {
    "assembly": assembly,
    "canteen": canteen,
    "meeting": meeting,
    "remote": remote,
    "safety": safety,
    "welcome": welcome,
}

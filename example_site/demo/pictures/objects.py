"""Scenes around one thing: a chart, a lock, a bicycle, a calendar."""

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
    line,
    path,
    picture,
    rect,
    shape,
    tree,
    turned,
)


def results():
    heights = [150, 190, 175, 240, 270, 330]
    bars = "".join(rect(250 + n * 125, 540 - h, 76, h, EMBER if n == 5 else AQUA, 10) for n, h in enumerate(heights))
    curve = "M288 360 L413 330 L538 350 L663 270 L788 236 L913 160"
    return picture(
        "#0d3e4b",
        PETROL,
        faint(0.12, "".join(line(f"M180 {y} H1060", SNOW, 3) for y in range(150, 541, 78))),
        bars,
        line(curve, SAND, 10),
        "".join(circle(288 + n * 125, y, 14, SAND) for n, y in enumerate([360, 330, 350, 270, 236, 160])),
        line("M180 540 H1060", SNOW, 8),
        circle(1030, 120, 50, AMBER),
        line("M1008 122 l16 18 l30 -36", INK, 12),
    )


def security():
    return picture(
        "#d7e8ea",
        "#f3f8f8",
        circle(600, 320, 290, SNOW, opacity=0.8),
        rect(290, 150, 520, 330, INK, 22),
        rect(312, 172, 476, 286, TEAL, 10),
        path("M220 480 h660 l40 60 a20 20 0 0 1 -20 24 h-700 a20 20 0 0 1 -20 -24Z", STEEL),
        rect(480, 500, 140, 20, SLATE, 10),
        path("M470 300 v-36 a80 80 0 0 1 160 0 v36", stroke=SNOW, stroke_width=26),
        rect(440, 296, 220, 140, AMBER, 20),
        circle(550, 352, 22, INK),
        rect(541, 360, 18, 46, INK, 9),
        rect(840, 230, 170, 330, INK, 26),
        rect(854, 258, 142, 262, SNOW, 10),
        circle(925, 350, 48, LEAF),
        line("M902 352 l18 18 l32 -38", SNOW, 12),
        rect(880, 430, 90, 14, STEEL, 7),
        rect(896, 456, 58, 14, STEEL, 7),
        at(
            170,
            330,
            circle(0, 0, 46, EMBER),
            circle(0, 0, 18, "#d7e8ea"),
            rect(-10, 42, 20, 140, EMBER, 6),
            rect(8, 120, 40, 18, EMBER, 4),
            rect(8, 152, 30, 18, EMBER, 4),
        ),
    )


def security_mail():
    hook = line("M600 0 V250 a84 84 0 1 1 -168 0", STEEL, 20) + shape("432,262 404,214 470,222", STEEL)
    return picture(
        "#0d3e4b",
        TEAL,
        "".join(
            line(f"M{x} {y} q30 -24 60 0 t60 0 t60 0", AQUA, 6, opacity=0.35)
            for x, y in [(60, 160), (860, 120), (120, 520), (900, 480), (760, 300)]
        ),
        rect(330, 290, 540, 320, SNOW, 18),
        shape("330,306 600,500 870,306 870,290 330,290", MIST),
        line("M336 300 L600 490 L864 300", STEEL, 10),
        hook,
        circle(820, 560, 66, EMBER),
        rect(810, 518, 20, 54, SNOW, 10),
        circle(820, 592, 12, SNOW),
        "".join(
            circle(x, y, r, SNOW, opacity=0.3)
            for x, y, r in [(220, 300, 14), (250, 250, 9), (980, 380, 12), (1010, 330, 18), (190, 400, 8)]
        ),
    )


def bicycle():
    wheel = circle(0, 0, 110, "none", stroke=INK, stroke_width=16) + circle(0, 0, 12, INK)
    spokes = "".join(f'<g transform="rotate({a})">{rect(-2, -104, 4, 208, SLATE)}</g>' for a in range(0, 180, 30))
    return picture(
        "#cfe6ea",
        "#fdf3e3",
        circle(180, 140, 60, AMBER),
        cloud(860, 130),
        cloud(460, 100, 0.7),
        path("M0 520 H1200 V675 H0Z", LEAF),
        rect(0, 560, 1200, 115, SLATE),
        line("M0 618 H1200", SAND, 5, stroke_dasharray="40 30"),
        "".join(tree(x, 540, s) for x, s in [(80, 1), (1010, 1.2), (1130, 0.9)]),
        at(410, 470, spokes, wheel),
        at(790, 470, spokes, wheel),
        line(
            "M410 470 L530 290 H720 L600 470 Z M530 290 L600 470 M720 290 L790 470 M510 258 L530 290 M700 236 L724 290",
            EMBER,
            18,
        ),
        line("M472 252 h84", INK, 20),
        line("M696 236 h70 q24 0 24 26", INK, 14),
        rect(548, 340, 120, 34, PETROL, 12, transform="rotate(-56 600 360)"),
        circle(600, 470, 30, STEEL),
        line("M600 470 l34 40 M624 512 h28", INK, 12),
    )


def calendar():
    days = "".join(
        rect(
            330 + c * 82,
            280 + r * 70,
            58,
            48,
            EMBER if (r, c) == (2, 3) else AQUA if (r, c) in {(0, 4), (1, 1), (1, 2)} else MIST,
            8,
        )
        for r in range(4)
        for c in range(7)
        if not (r == 0 and c < 2)
    )
    return picture(
        "#f6e3cd",
        "#fbf2e6",
        faint(0.5, circle(1040, 160, 150, SNOW), circle(140, 520, 200, SNOW)),
        rect(292, 116, 630, 474, INK, 24, opacity=0.08),
        rect(280, 100, 630, 474, SNOW, 24),
        path("M304 100 h582 a24 24 0 0 1 24 24 v100 h-630 v-100 a24 24 0 0 1 24 -24Z", PETROL),
        "".join(rect(x, 66, 22, 80, SLATE, 11) for x in (380, 590, 800)),
        rect(480, 168, 230, 22, SNOW, 11),
        days,
        at(
            980,
            440,
            circle(0, 0, 110, SNOW),
            circle(0, 0, 110, "none", stroke=PETROL, stroke_width=16),
            line("M0 -62 V0 L46 30", EMBER, 14),
        ),
    )


def train():
    body = path("M120 250 H930 C1060 250 1130 330 1150 430 V470 H120Z", SNOW)
    return picture(
        "#cfe6ea",
        "#fdf1df",
        circle(980, 120, 56, AMBER),
        path("M0 430 C200 320 420 400 640 340 S1020 300 1200 360 V675 H0Z", LEAF, opacity=0.55),
        cloud(220, 140),
        cloud(620, 100, 0.8),
        body,
        rect(120, 400, 1030, 40, EMBER),
        "".join(rect(160 + n * 120, 290, 92, 74, PETROL, 10) for n in range(6)),
        path("M930 290 C1010 290 1050 330 1068 366 H930Z", PETROL),
        rect(120, 470, 1030, 26, SLATE),
        "".join(circle(x, 506, 26, INK) + circle(x, 506, 10, STEEL) for x in (220, 300, 560, 640, 900, 980)),
        rect(0, 532, 1200, 12, SLATE),
        "".join(rect(x, 544, 60, 16, "#7d5a44") for x in range(20, 1200, 110)),
        rect(0, 560, 1200, 115, MOSS),
        line("M0 190 H1200", INK, 4),
        line("M560 190 L600 250 L640 190", INK, 6),
    )


def compass():
    ticks = "".join(
        f'<g transform="rotate({a})">{rect(-4, -226, 8, 30 if a % 90 == 0 else 16, PETROL, 4)}</g>'
        for a in range(0, 360, 30)
    )
    return picture(
        "#123f4c",
        TEAL,
        faint(
            0.16,
            line("M0 520 C200 430 330 560 560 470 S900 380 1200 470", SNOW, 6),
            line("M0 590 C260 500 420 620 640 540 S960 460 1200 540", SNOW, 6),
            line("M0 130 C260 60 420 180 640 100 S960 20 1200 100", SNOW, 6),
        ),
        circle(612, 352, 270, INK, opacity=0.25),
        at(
            600,
            340,
            circle(0, 0, 270, AMBER),
            circle(0, 0, 240, SAND),
            ticks,
            turned(34, shape("0,-190 44,0 0,40 -44,0", EMBER), shape("0,190 44,0 0,-40 -44,0", PETROL)),
            circle(0, 0, 22, SNOW),
        ),
    )


def brand():
    drops = "".join(circle(150 + n * 180, 170, 62, c) for n, c in enumerate([INK, PETROL, TEAL, AQUA, AMBER, EMBER]))
    return picture(
        "#f4f8f8",
        "#e6eff0",
        drops,
        at(
            380,
            470,
            rect(-180, -150, 360, 250, SNOW, 18),
            path("M-90 0 C-50 -60 -10 60 30 0 S110 0 110 0", stroke=PETROL, stroke_width=26, stroke_linecap="round"),
            path(
                "M-90 44 C-50 -16 -10 104 30 44 S110 44 110 44", stroke=EMBER, stroke_width=26, stroke_linecap="round"
            ),
        ),
        at(
            820,
            470,
            rect(-180, -150, 360, 250, PETROL, 18),
            rect(-130, -96, 180, 34, SNOW, 8),
            rect(-130, -40, 250, 14, AQUA, 7),
            rect(-130, -12, 220, 14, AQUA, 7),
            rect(-130, 34, 110, 38, EMBER, 19),
        ),
    )


SCENES = {
    "bicycle": bicycle,
    "brand": brand,
    "calendar": calendar,
    "compass": compass,
    "results": results,
    "security": security,
    "security-mail": security_mail,
    "train": train,
}

"""What axe-core and the width of a page say, in both colour schemes, on a small screen and with 400 % zoom."""

import os
from pathlib import Path

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: 400 % zoom of a window of 1280 by 1024 pixels leaves 320 by 256.
ALL_LOOKS = [("light", 1280, 1000), ("dark", 1280, 1000), ("light", 320, 640), ("dark", 320, 256)]
#: Each scheme and each width once; `make test-browser` looks at all.
LOOKS = ALL_LOOKS if os.environ.get("ALL_LOOKS") else [ALL_LOOKS[1], ALL_LOOKS[2]]

#: What Wagtail makes by itself inside our views: its bar, its map of a long form, its sentence in an empty list.
_THEIRS = [
    ["wagtail-userbar"],
    ["iframe"],
    ["[data-minimap-container]"],
    [".w-minimap"],
    ["#listing-results .nice-padding > p > a"],
]

_RUN = """async ([include, exclude, tags]) => {
  const found = await axe.run({ include: [include], exclude }, {
    runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'],
  });
  const said = (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`);
  return found.violations.flatMap(said);
}"""

#: Something sticks out of the page and nothing between it and the page can be scrolled.
_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width + 1) return [];
  const sticksOut = [...document.body.querySelectorAll('*')].filter(
    (element) => element.getBoundingClientRect().right > width + 1 && element.checkVisibility(),
  );
  return [`wider than the screen: ${sticksOut.slice(-3).map((e) => e.outerHTML.slice(0, 120)).join(' … ')}`];
}"""


def axe_script():
    """The source of axe-core, from a package for tests."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def faults(tab, include="body", looks=LOOKS, *, width=True):
    """One sentence for each violation on the page that is open; ``include`` is the part that is ours."""
    tab.evaluate(axe_script())
    found = []
    for scheme, wide, high in looks:
        tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        tab.set_viewport_size({"width": wide, "height": high})
        tab.wait_for_timeout(150)
        theirs = [one for one in _THEIRS if tab.locator(one[0]).count()]
        said = tab.evaluate(_RUN, [include, theirs, TAGS])
        if width and wide == 320:
            said += tab.evaluate(_TOO_WIDE)
        found += [f"{tab.url} ({scheme}, {wide} px): {' '.join(one.split())}" for one in said]
    tab.set_viewport_size({"width": 1280, "height": 1000})
    return found

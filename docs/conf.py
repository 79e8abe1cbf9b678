"""Sphinx configuration: MyST Markdown in Wagtail's theme."""

import sphinx_wagtail_theme

import wagtail_personalize

project = "wagtail-personalize"
author = "The wagtail-personalize developers"
copyright = "2026, the wagtail-personalize developers"
release = version = wagtail_personalize.__version__

extensions = ["myst_parser", "sphinx_wagtail_theme"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "sphinx_wagtail_theme"
html_theme_path = [sphinx_wagtail_theme.get_html_theme_path()]
html_theme_options = {"project_name": "wagtail-personalize", "footer_links": ""}
html_last_updated_fmt = ""
exclude_patterns = ["_build", "make_*.py"]
nitpicky = True

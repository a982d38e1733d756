"""How the manual is built: MyST Markdown, the theme furo, nothing from the network."""

from lrs import __version__

project = "Rapport"
author = "The authors of Rapport"
copyright = "the authors of Rapport"  # noqa: A001 (the name is Sphinx's)
version = release = __version__
language = "en"

extensions = ["myst_parser"]
exclude_patterns = ["_build", "examples"]
nitpicky = True
myst_heading_anchors = 4
myst_enable_extensions = ["deflist"]

html_theme = "furo"
html_title = f"Rapport {__version__}"
html_static_path = ["_static"]
html_css_files = ["rapport.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1d4f73", "color-brand-content": "#1d5f8a"},
    "dark_css_variables": {"color-brand-primary": "#8cc4ea", "color-brand-content": "#8cc4ea"},
}

"""What Wagtail starts by scripts written into its pages is started by a script file, so that no page needs to run its own.

Date fields, choosers and lists of rows come with a line of script each. In its place stands an empty element that names what
is to be made and with what; `static/newsroom/start.js` makes it, also in rows and windows that come later. With that the
policy of the back office runs no script a page brings along, whoever managed to write one into it (core/headers.py).
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser


def starter(name: str, *args: Any) -> SafeString:
    """The element that has something made: a class or function of Wagtail's scripts by its name, and what it is given."""
    return format_html(
        '<template data-nc-start="{}" data-nc-with="{}"></template>',
        name,
        json.dumps(args),
    )


def _render(self: BaseChooser, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
    """A chooser, as Wagtail draws it, with the starter in place of its script."""
    try:
        said = self.get_value_data(value)
    except (ValueError, TypeError):  # sent by no window of ours: nothing is chosen, and the form says why
        said = None
    if isinstance(self, AdminTaskChooser):
        begun = starter("createTaskChooser", attrs["id"])
    else:
        begun = starter(self.js_constructor, attrs["id"], self.get_js_init_options(attrs["id"], name, said))
    return format_html("{}{}", self.render_html(name, said, attrs), begun)


def start_from_a_file() -> None:
    """Have every chooser drawn so. May run as often as one likes."""
    BaseChooser.render = _render

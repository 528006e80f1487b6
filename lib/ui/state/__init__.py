"""The state of a page: one table of keys, read once a run, kept in the session and said by the address.

A lesson declares its table in ``lib/lessons/<key>/state.py``::

    from lib.core.conv.layer import PaddingMode
    from lib.ui.lang import Lang
    from lib.ui.state import Choice, Flag, Memo, Number, Scripted, Table, Text, Whole, typed

    W = Whole("W", 1, 64, default=7)
    RATE = Number("lr", 1e-6, 10.0, default=0.01)
    PAD = Choice("pad", PaddingMode, default=PaddingMode.ZEROS)
    BIAS = Flag("bias", default=True)
    X = typed("x", default="2, 3, 4")                  # kept as typed; the page reads and explains it
    SIZES = Text("sizes", default=(1, 2), parse=parse_sizes, write=sizes_text,     # or read by the key
                 allowed={Lang.EN: "whole numbers with commas", Lang.ZH: "用逗号分隔的整数"})
    OPEN = Memo("open", default=0)                     # the session's own, in no address
    PIN = Scripted("at")                               # kept in the address by a script, which writes it again

    TABLE = Table("convolution", W, RATE, PAD, BIAS, X, SIZES, OPEN, PIN)

and its view reads it, first thing in the body (of the page, or of the fragment that a control reruns)::

    view = frame("convolution")

    @st.fragment
    def body() -> None:
        with TABLE.read(view.lang) as state:
            offers(TABLE, "_preset", texts.presets, list(PRESETS), changes=lambda name: PRESETS[name])
            width = state.slider(W, texts.width, high=32)      # an int; the value follows into the range
            state.choice(PAD, texts.padding, format=lambda mode: texts.paddings[mode])
            if state.toggle(BIAS, texts.bias): ...
            st.button("5 x 5", on_click=TABLE.change, args=({W: 5, BIAS: False},))
            ... state[W], state[PAD]                          # typed; known before their widgets are drawn

    body()

Presets are mappings from keys to values: ``PRESETS = {"small": {W: 5, BIAS: False}}``.

What this gives
    - The address says every value that is not the default, in the table's order, from all topics of the page, at
      the end of the ``with`` block: one step of the browser's history for one thing that the learner did, whether
      a preset of ten keys or one move of a slider, so that Back undoes it. Back and Forward restore every key.
    - Opening a page adds no step. The language is always written, so that a copied link keeps it.
    - A value of the address that is not legal is explained as text, never as Markdown, and leaves the address.
      What may be typed into a field is explained there, and the last good value goes on.
    - A move is never lost, whatever the round trip: the session's values hold, and an address that a browser sends
      because it has not learnt of the newer one yet is told from one that it has come to.

Rules
    - Nothing else reads or writes ``st.query_params`` or ``st.session_state`` (a test reads the source).
    - Never keep a value that a key has: ask ``state[KEY]``. In a callback, before the page was read, ask
      ``TABLE.now()[KEY]`` and change with ``TABLE.change({KEY: value, ...})``; in the middle of a run, before the
      key's widget, ``state.set(KEY, value)``.
    - A browser's own script that keeps something in the address reports it to its component under the key's name:
      ``on_look_change=reported(TABLE, LOOK, "conv_picture")``. Other reports: ``report("conv_picture", "name")``.
      ``state.news`` rises when the address, and not the
      script, has brought a value.
    - Options that only a run knows, such as devices, are a function: ``Choice("device", device_names, default="cpu")``.
      So is a default that depends on the reader.
    - A widget that is not drawn keeps its value. A key's name is also its widget's: ``at.slider(key="W")`` in tests.
"""

from lib.ui.state.keys import (
    BadValueError,
    Choice,
    Choices,
    Flag,
    Key,
    Memo,
    Number,
    Scripted,
    Text,
    Whole,
    typed,
)
from lib.ui.state.table import EVERY_PAGE, Table, has_table, open_page, tables
from lib.ui.state.values import Values
from lib.ui.state.widgets import State, offers, report, reported
from lib.ui.state.words import as_text, plain_text

__all__ = [
    "EVERY_PAGE",
    "BadValueError",
    "Choice",
    "Choices",
    "Flag",
    "Key",
    "Memo",
    "Number",
    "Scripted",
    "State",
    "Table",
    "Text",
    "Values",
    "Whole",
    "as_text",
    "has_table",
    "offers",
    "open_page",
    "plain_text",
    "report",
    "reported",
    "tables",
    "typed",
]

"""A learner's own program on /cnn: pasted, read, and drawn as a stack that can be edited."""

from __future__ import annotations

import streamlit as st

from lib.core.nets.reading.errors import ReadError
from lib.core.nets.reading.program import fitting_size, read_program
from lib.lessons.cnn.state import (
    AT,
    BATCH,
    DRAWN,
    GENERAL_SIZE,
    NET,
    OWN,
    REFUSED,
    SIZE,
    STACK,
    TABLE,
)
from lib.lessons.cnn.texts import CnnTexts
from lib.ui.state import State, as_text
from lib.ui.texts.frame import FrameTexts

PASTE_HEIGHT = 220
EXAMPLE = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)
        self.fc = nn.Linear(16 * 15 * 15, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        return self.fc(torch.flatten(x, 1))"""


def reading(state: State, texts: CnnTexts, frame_texts: FrameTexts) -> None:
    """The field for a program; what was read takes the place of the network on the screen."""
    with st.expander(texts.read_heading):
        st.caption(texts.read_help)
        with st.form("cnn_reading", border=False):
            pasted = st.text_area(
                texts.read_field,
                key="cnn_program",
                height=PASTE_HEIGHT,
                placeholder=EXAMPLE,
            )
            is_sent = st.form_submit_button(texts.read_button, key="cnn_read", type="primary")
        if is_sent:
            _read(pasted or "", texts)
        drawn = state[DRAWN]
        if not is_sent and drawn is not None and drawn.stack == state[STACK]:
            size = state[SIZE] or GENERAL_SIZE
            st.success(texts.read_done.format(count=len(drawn.stack.rows), size=size))
            if drawn.left_out:
                said = frame_texts.comma.join(as_text(name) for name in drawn.left_out)
                st.caption(texts.read_left_out.format(names=said))


def _read(pasted: str, texts: CnnTexts) -> None:
    try:
        read = read_program(pasted)
    except ReadError as error:
        said = texts.read_problems[error.problem].format(
            text=as_text(error.text), argument=as_text(error.argument), allowed=error.allowed
        )
        where = texts.read_line.format(line=error.line) if error.line else ""
        st.error(f"{where}{said}", icon=":material/block:")
        return
    size = read.size or fitting_size(read.stack, GENERAL_SIZE)
    TABLE.change(
        {
            NET: OWN,
            STACK: read.stack,
            SIZE: 0 if size == GENERAL_SIZE else size,
            BATCH: read.batch or 1,
            AT: None,
            REFUSED: "",
            DRAWN: read,
        }
    )
    st.rerun()  # the picture stands above

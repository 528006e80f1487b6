"""What defines the screen of /shapes: two tensors, the steps, and which of them is open."""

from __future__ import annotations

from lib.core.tensors.errors import MAX_TEXT, Problem, TensorInputError
from lib.core.tensors.ops import MAX_STEPS, Step, parse_steps, steps_text
from lib.ui.lang import Lang
from lib.ui.state import Memo, Table, Text, Whole, typed

MAX_PIPELINE_TEXT = 1500


def some_steps(text: str) -> tuple[Step, ...]:
    """One step or more, with semicolons between them.

    >>> [step.text for step in some_steps("t(); view((6,))")]
    ['t()', 'view((6,))']

    Raises: TensorInputError, for none too.
    """
    steps = parse_steps(text)
    if not steps:
        raise TensorInputError(Problem.EMPTY)
    return steps


EXAMPLES: dict[str, tuple[str, str, str]] = {
    "join": ("[1, 2, 3]", "[3, 2, 1]", "stack(0)"),
    "squeeze": ("1, 3, 1, 2", "2, 3", "squeeze();unsqueeze(0)"),
    "transpose": ("2, 3", "2, 3", "t();view((6,))"),
    "broadcast": ("3, 1", "[10, 20, 30, 40]", "add()"),
    "permute": ("2, 3, 4", "2, 3, 4", "permute((2, 0, 1));unsqueeze(0)"),
    "split": ("4, 6", "4, 3", "split(3, 1);cat(1)"),
}
"""The two tensors and the steps of each example; the page opens with the first."""

A = typed("a", default=EXAMPLES["join"][0], longest=MAX_TEXT)
B = typed("b", default=EXAMPLES["join"][1], longest=MAX_TEXT)
STEPS = Text(
    "steps",
    default=parse_steps(EXAMPLES["join"][2]),
    parse=some_steps,
    write=steps_text,
    allowed={
        Lang.EN: f"up to {MAX_STEPS} steps with semicolons between them, such as `t();view((6,))`",
        Lang.ZH: f"最多 {MAX_STEPS} 步，用分号隔开，如 `t();view((6,))`",
    },
    longest=MAX_PIPELINE_TEXT,
)
AT = Whole("step", 0, MAX_STEPS, default=0)
"""The step on screen, counted from 1; 0 is the last one."""
OPENED = Memo("opened", default=False, fresh=True)
"""Whether the page has chosen the steps that go without saying."""

TABLE = Table("shapes", A, B, STEPS, AT, OPENED)

FALLBACK_STEPS = parse_steps("unsqueeze(0)")
"""Where the address has no steps and a and b are not alike: a step that any tensor can take."""

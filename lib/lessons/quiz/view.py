"""The page: a program, the learner's guess what it prints, PyTorch's answer and why; a result to hand in."""

from __future__ import annotations

import hashlib
import random
import time
from typing import TYPE_CHECKING

import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.quiz.question import MAX_ANSWER, AnswerError, Form, Question
from lib.core.quiz.result import (
    Result,
    code_of,
    read_codes,
    result_of,
    results_csv,
)
from lib.core.quiz.settings import MAX_SEED, Standing
from lib.lessons.quiz.kept import attempt_at, keep_attempt, keep_name
from lib.lessons.quiz.state import (
    AT,
    COUNT,
    FIRST_NAME,
    OWN,
    SEED,
    SHOWN_TOPICS,
    TABLE,
    TRIES,
    settings_of,
)
from lib.lessons.quiz.texts import QUIZ_TEXTS, QuizTexts
from lib.ui.components.code import code_block
from lib.ui.components.columns import settings_and_picture
from lib.ui.components.table import table
from lib.ui.components.tensor import Scene, groups_of, tensor_scene
from lib.ui.frame import Frame, frame
from lib.ui.pages import page_info
from lib.ui.secret import is_secret_kept, server_secret
from lib.ui.state import State, as_text
from lib.ui.tensors.drawn import drawn_picture
from lib.ui.tensors.words import TENSOR_WORDS
from lib.ui.torch_once import use_torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lib.core.quiz.settings import Attempt, Progress, Settings

SIGNS = {"open": "", "right": " ✓", "wrong": " ✗"}
CODES_HEIGHT = 120
SHOWN_LINES = 20


def show() -> None:
    """The page."""
    view = frame("quiz")
    use_torch()
    st.title(QUIZ_TEXTS[view.lang].title)
    body(view)


@st.fragment
def body(view: Frame) -> None:
    """What a control changes; the frame around it is left alone."""
    texts = QUIZ_TEXTS[view.lang]
    with TABLE.read(view.lang) as state:
        settings, questions = settings_and_picture("quiz")
        with settings:
            name = _controls(state, texts)
        with questions:
            if state[OWN] and not name:
                st.info(texts.name_needed)
            else:
                _sheet(view, state, texts, name)
    _collect(view, texts)


def _controls(state: State, texts: QuizTexts) -> str:
    """What the sheet is made of, and the learner's name."""
    state.choices(SHOWN_TOPICS, texts.topics, format=lambda topic: texts.topic_names[topic])
    state.slider(COUNT, texts.count)
    state.slider(TRIES, texts.tries, help=texts.tries_help)
    st.button(
        texts.others,
        key="quiz_others",
        help=texts.others_help,
        icon=":material/casino:",
        on_click=_draw_anew,
    )
    name = keep_name(st.text_input(texts.name, value=state[FIRST_NAME], key="quiz_name") or "")
    state.toggle(OWN, texts.own, help=texts.own_help)
    return name


def _draw_anew() -> None:
    now = TABLE.now()[SEED]
    others = random.randrange(MAX_SEED)
    TABLE.change({SEED: others + (others >= now), AT: "1"})


def _sheet(view: Frame, state: State, texts: QuizTexts, name: str) -> None:
    from lib.core.quiz.sheet import answered, progress, question

    sheet = settings_of(state, name)
    if int(state[AT]) > sheet.count:
        state.set(AT, str(sheet.count))
    place = int(state[AT]) - 1
    asked = question(sheet, place)
    attempt = attempt_at(sheet)
    found = progress(sheet, attempt)
    _progress(state, texts, found.standings)
    with st.container(border=True, key="quiz_question"):
        given = _asked(view, texts, sheet, attempt, found, place, asked)
    if given is not None:
        keep_attempt(sheet, answered(sheet, attempt, place, given, time.time()))
        st.rerun()  # what stands above says how far the sheet has come
    if attempt is not None and found.is_over:
        with st.container(border=True, key="quiz_score", gap="small"):
            st.markdown(texts.score.format(right=found.right, count=sheet.count, tries=found.tries))
            _hand_in(
                texts,
                result_of(
                    name, sheet.key, found.right, sheet.count, found.tries, attempt.begun, attempt.ended
                ),
            )
        _review(view, texts, sheet, attempt, found)


def _progress(state: State, texts: QuizTexts, standings: Sequence[Standing]) -> None:
    """All questions by number, and the ones before and after."""
    with st.container(key="quiz_progress", horizontal=True, vertical_alignment="bottom", gap="small"):
        numbers = [str(number) for number in range(1, len(standings) + 1)]
        at = state.choice(
            AT,
            texts.questions,
            options=numbers,
            format=lambda number: number + SIGNS[standings[int(number) - 1]],
            widget="pills",
        )
        for key, label, other in (("back", texts.back, int(at) - 1), ("on", texts.on, int(at) + 1)):
            st.button(
                label,
                key=f"quiz_{key}",
                disabled=str(other) not in numbers,
                on_click=TABLE.change,
                args=({AT: str(min(max(other, 1), len(numbers)))},),
            )


def _asked(
    view: Frame,
    texts: QuizTexts,
    sheet: Settings,
    attempt: Attempt | None,
    found: Progress,
    place: int,
    asked: Question,
) -> str | None:
    """The question, what is to be said to the answers so far, and the place for the next: one that was just sent."""
    is_open = found.standings[place] is Standing.OPEN
    st.markdown(f"**{texts.prints}**")
    code_block(asked.program, key="quiz_program", wrap_lines=True)
    given = _given(texts, sheet, place, asked) if is_open else None
    if attempt is not None and attempt.answers[place]:
        answers = attempt.answers[place]
        if is_open:
            _hint(texts, asked, answers[-1], sheet.tries - len(answers))
        else:
            _settled(view, texts, asked, answers[-1], found.standings[place])
            _onward(texts, found.open_after(place))
    drawn = asked.before if is_open else (*asked.before, *asked.after)
    if drawn:
        pictures = tuple(
            drawn_picture(number, each, texts.pictures, fold=True) for number, each in enumerate(drawn)
        )
        names = view.texts.comma.join(each.title for each in pictures)
        numbered = [
            (each.title, tuple(each.tensor.shape)) for each in asked.before if each.sources is not None
        ]
        tensor_scene(
            Scene(pictures, texts.reading.format(pictures=names), groups=groups_of(numbered)),
            key="quiz_scene",
            colours=view.palette,
            words=TENSOR_WORDS[view.lang],
        )
    return given


def _given(texts: QuizTexts, sheet: Settings, place: int, asked: Question) -> str | None:
    """The answer that was sent in this run; one that cannot be read is explained."""
    own = hashlib.sha256(f"{sheet.key} {place}".encode()).hexdigest()[:8]
    label = texts.decimals.format(decimals=asked.decimals) if asked.decimals else texts.answers[asked.form]
    with st.form(f"quiz_form_{own}", border=False):
        answer, check = st.columns([4, 1], vertical_alignment="bottom", gap="small")
        with answer:
            if asked.form is Form.OPTION:
                typed = st.radio(label, asked.options, index=None, horizontal=True, key=f"quiz_answer_{own}")
            else:
                typed = st.text_input(label, key=f"quiz_answer_{own}", max_chars=MAX_ANSWER)
        with check:
            is_sent = st.form_submit_button(
                texts.check, key=f"quiz_check_{own}", type="primary", width="stretch"
            )
    if not is_sent:
        return None
    try:
        return asked.read(typed or "")
    except AnswerError:
        allowed = texts.allowed_decimals if asked.decimals else texts.allowed[asked.form]
        said = texts.not_counted.format(given=as_text(typed), allowed=allowed) if typed else texts.nothing
        st.error(said, icon=":material/block:")
        return None


def _mistake(texts: QuizTexts, asked: Question, given: str) -> str:
    """What a wrong answer seems to come from, in words; nothing where that is not known."""
    mistake = asked.mistake(given)
    return "" if mistake is None else texts.mistakes[mistake]


def _hint(texts: QuizTexts, asked: Question, given: str, left: int) -> None:
    """What is said to a wrong answer that is not the last."""
    said = (
        texts.not_right.format(given=given),
        _mistake(texts, asked, given),
        texts.tries_left.format(count=left),
    )
    st.warning(texts.gap.join(filter(None, said)))


def _settled(view: Frame, texts: QuizTexts, asked: Question, given: str, found: Standing) -> None:
    """PyTorch's answer and why, and the page that shows more."""
    why = load_lesson("quiz", view.lang)[asked.kind].body.format(answer=asked.answer, **asked.slots)
    if found is Standing.RIGHT:
        st.success(f"{texts.right.format(given=given)}\n\n{why}")
    else:
        said = texts.settled.format(given=given, answer=asked.answer)
        st.error(f"{said}{texts.gap}{_mistake(texts, asked, given)}\n\n{why}")
    page = page_info(asked.page)
    st.page_link(
        page.file,
        label=texts.more.format(page=page.names[view.lang].title),
        icon=page.icon,
        query_params={**view.link_query, **asked.query},
    )


def _onward(texts: QuizTexts, place: int | None) -> None:
    """To the next open question, where there is one."""
    if place is not None:
        st.button(
            texts.next_open,
            key="quiz_after",
            type="primary",
            on_click=TABLE.change,
            args=({AT: str(place + 1)},),
        )


def _hand_in(texts: QuizTexts, result: Result) -> None:
    if not result.name:
        st.caption(texts.hand_in)
        return
    st.caption(f"{texts.hand_in_named}{texts.gap}{texts.lasting if is_secret_kept() else texts.passing}")
    code_block(code_of(result, server_secret()), key="quiz_result", language=None, wrap_lines=True)


def _review(view: Frame, texts: QuizTexts, sheet: Settings, attempt: Attempt, found: Progress) -> None:
    from lib.core.quiz.sheet import question

    titles = load_lesson("quiz", view.lang)
    rows = []
    for place, answers in enumerate(attempt.answers):
        asked = question(sheet, place)
        rows.append(
            [
                f"{place + 1}. {titles[asked.kind].title}",
                view.texts.comma.join(f"`{given}`" for given in answers),
                f"`{asked.answer}`",
                texts.standings[found.standings[place]],
            ]
        )
    with st.expander(texts.review):
        table(texts.review_head, rows, label=texts.review, numbers=False)


def _collect(view: Frame, texts: QuizTexts) -> None:
    """For teachers: what the codes say that were handed in."""
    with st.expander(texts.collect):
        st.caption(texts.collect_help)
        found = read_codes(
            st.text_area(texts.codes, key="quiz_codes", height=CODES_HEIGHT) or "", server_secret()
        )
        if found.bad:
            said = [texts.bad_line.format(line=line, name=as_text(name)) for line, name in found.bad]
            st.error(texts.bad_codes.format(count=len(said), lines=view.texts.comma.join(said[:SHOWN_LINES])))
        if found.empty:
            lines = view.texts.comma.join(map(str, found.empty[:SHOWN_LINES]))
            st.warning(texts.no_codes.format(lines=lines))
        good = found.good
        if not good:
            return
        st.markdown(texts.good.format(count=len(good)))
        table(
            texts.result_head,
            [
                [
                    each.name.replace("`", "'"),
                    f"{each.right} / {each.count}",
                    str(each.tries),
                    texts.seconds.format(count=each.seconds),
                    each.when,
                    each.sheet,
                ]
                for each in good
            ],
            label=texts.collect,
            numbers=False,
        )
        st.download_button(
            texts.download, results_csv(good).encode("utf-8-sig"), "results.csv", "text/csv", key="quiz_csv"
        )

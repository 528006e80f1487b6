"""Which networks are asked, and which one is looked into."""

from __future__ import annotations

from collections.abc import Mapping

from lib.lessons.draw.models import Model
from lib.lessons.draw.state import INSIDE, MODELS
from lib.lessons.draw.texts import DrawTexts
from lib.ui.state import State, plain_text


def choose_models(state: State, texts: DrawTexts, models: Mapping[str, Model]) -> list[Model]:
    """The networks that answer, at least one."""
    if len(models) == 1:
        return list(models.values())
    ids = state.choices(
        MODELS, texts.models, options=list(models), format=lambda each: plain_text(models[each].name)
    )
    return [models[model_id] for model_id in ids]


def choose_inside(state: State, texts: DrawTexts, chosen: list[Model]) -> Model:
    """The one of them that is looked into."""
    if len(chosen) == 1:
        return chosen[0]
    by_id = {model.id: model for model in chosen}
    return by_id[
        state.choice(
            INSIDE,
            texts.inside_model,
            options=list(by_id),
            format=lambda model_id: plain_text(by_id[model_id].name),
        )
    ]

"""Which networks are asked, and which one is looked into; what may stand in the page's address."""

from __future__ import annotations

from collections.abc import Mapping

from lib.core.digits.ink import MAX_PEN, MIN_PEN, is_strokes
from lib.core.training.config import TEST_IMAGES
from lib.ui.address import Param, bound_choice, bound_choices, choice, choices, whole
from lib.ui.draw.desk import INK_KEY
from lib.ui.draw.models import BUNDLED, MODELS_KEY, Model
from lib.ui.draw.robust import PARAMS
from lib.ui.draw.source import SOURCES
from lib.ui.draw.tray import MIXED
from lib.ui.texts.draw import DrawTexts

INSIDE_KEY = "inside"


def address_params(texts: DrawTexts, models: Mapping[str, Model]) -> list[Param]:
    """All keys of the page's address."""
    return [
        choice("source", SOURCES),
        whole("pen", MIN_PEN, MAX_PEN),
        whole("digit", 0, TEST_IMAGES - 1),
        choice("raw", ["true", "false"]),
        Param(INK_KEY, is_strokes, texts.ink_allowed),
        choices(MODELS_KEY, list(models), texts.models_allowed),
        Param(INSIDE_KEY, lambda text: text in models, texts.models_allowed),
        choice("mixed", [str(count) for count in MIXED]),
        whole("tune_epochs", 1, 20),
        *PARAMS,
    ]


def choose_models(texts: DrawTexts, models: Mapping[str, Model]) -> list[Model]:
    """The networks that answer, at least one."""
    if len(models) == 1:
        return list(models.values())
    ids = bound_choices(
        texts.models,
        list(models),
        key=MODELS_KEY,
        default=[BUNDLED],
        format_func=lambda model_id: models[model_id].name,
    )
    return [models[model_id] for model_id in models if model_id in ids]


def choose_inside(texts: DrawTexts, chosen: list[Model]) -> Model:
    """The one of them that is looked into."""
    if len(chosen) == 1:
        return chosen[0]
    by_id = {model.id: model for model in chosen}
    return by_id[
        bound_choice(
            texts.inside_model,
            list(by_id),
            key=INSIDE_KEY,
            default=chosen[0].id,
            format_func=lambda model_id: by_id[model_id].name,
        )
    ]

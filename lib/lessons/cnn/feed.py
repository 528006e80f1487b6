"""The photograph that the network looks at, and the gradient of the pinned unit on it."""

from __future__ import annotations

import hashlib
import io
from functools import partial

import numpy as np
import streamlit as st
from PIL import Image

from lib.core.digits.samples import sample_digits
from lib.core.digits.upload import UploadError, UploadProblem
from lib.core.mnist import MnistFileError
from lib.core.nets.analysis import Analysis
from lib.core.nets.effective import (
    EffectiveField,
    PaddingAloneError,
    TooLargeError,
    cached_weights,
    effective_field,
)
from lib.core.nets.graph import Network
from lib.core.nets.pictures import Photo, as_input, bundled_photo, jpeg_of, square_photo
from lib.lessons.cnn.picture import network_feed
from lib.lessons.cnn.state import Chosen, Unit
from lib.lessons.cnn.texts import CnnTexts
from lib.ui.torch_once import use_torch

DIGIT = 3
WEIGHT_FILES = {
    "alexnet": "alexnet-owt-7be5be79.pth",
    "vgg16": "vgg16-397923af.pth",
    "resnet18": "resnet18-f37072fd.pth",
    "resnet34": "resnet34-b627a593.pth",
    "resnet50": "resnet50-0676ba61.pth",
    "googlenet": "googlenet-1378be20.pth",
}
"""Names under which torchvision keeps its weights, V1."""


def photo_control(texts: CnnTexts) -> bytes | None:
    """A place for a picture of one's own, out of the way until it is wanted."""
    with st.popover(texts.photo, icon=":material/image:"):
        uploaded = st.file_uploader(
            texts.photo_help, ("png", "jpg", "jpeg"), key="cnn_photo", max_upload_size=5
        )
    return None if uploaded is None else uploaded.getvalue()


def feed_picture(
    found: Analysis, now: Chosen, at: Unit | None, uploaded: bytes | None, texts: CnnTexts
) -> None:
    """Hand over the picture that is used and, for a pinned unit, its gradient."""
    channels = found.network.input_shape[1]
    photo, encoded, kind = _bundled(grey=channels == 1 and now.size <= 64)
    with st.container():
        if uploaded is not None:
            own = _own_photo(uploaded)
            if isinstance(own, UploadProblem):
                st.error(texts.upload_problems[own])
            else:
                (photo, encoded), kind = own, "image/jpeg"
    unit = _known(found, at)
    name = "" if now.name is None or now.classes != now.natural_classes else str(now.name)
    written = "" if at is None else ".".join(map(str, at))
    field, message = None, ""
    if unit is not None:
        key = hashlib.sha256(photo.tobytes()).hexdigest()
        use_torch()
        try:
            field = _measured(found.network, unit, key, name, photo)
        except TooLargeError:
            message = texts.too_large
        except PaddingAloneError:
            message = texts.not_measured
    network_feed(encoded, kind, field, written, message)


@st.cache_data(show_spinner=False, max_entries=32)
def _own_photo(uploaded: bytes) -> tuple[Photo, bytes] | UploadProblem:
    """A learner's picture, and as the browser gets it; or why it cannot be used."""
    try:
        photo = square_photo(uploaded)
    except UploadError as error:
        return error.problem
    return photo, jpeg_of(photo)


def _known(found: Analysis, at: Unit | None) -> tuple[int, tuple[int, int]] | None:
    """The pinned unit, where the network has it."""
    if at is None or not 1 <= at[0] <= len(found.rows):
        return None
    shape = found.rows[at[0] - 1].shape
    height, width = shape[2:] if len(shape) == 4 else (1, 1)
    return (at[0] - 1, (at[1], at[2])) if at[1] < height and at[2] < width else None


@st.cache_resource(show_spinner=False)
def _bundled(*, grey: bool) -> tuple[Photo, bytes, str]:
    """A test digit for small grey inputs, a photograph for all others; with its file for the browser."""
    if grey:
        try:
            pixels = sample_digits().pixels[DIGIT]
        except MnistFileError:
            pixels = np.zeros((28, 28), np.uint8)
        picture = Image.fromarray(pixels).convert("RGB").resize((256, 256), Image.Resampling.NEAREST)
        buffer = io.BytesIO()
        picture.save(buffer, format="PNG")
        return np.asarray(picture, dtype=np.uint8), buffer.getvalue(), "image/png"
    return square_photo(bundled_photo()), bundled_photo(), "image/jpeg"


@st.cache_resource(show_spinner=False, max_entries=64)
def _measured(
    network: Network,
    unit: tuple[int, tuple[int, int]],
    photo_key: str,  # noqa: ARG001 - what is kept is kept for this photograph
    weights: str,
    _photo: Photo,
) -> EffectiveField:
    """The same question is answered once for everybody."""
    file = WEIGHT_FILES.get(weights)
    path = None if file is None else cached_weights("checkpoints", file)
    return effective_field(network, unit[0], unit[1], partial(as_input, _photo), path)

"""Neighbours, changes of a digit, uploads and the tray: against brute force and torchvision."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from lib.core.digits.classifier import answer, load_classifier
from lib.core.digits.neighbours import nearest
from lib.core.digits.prepare import prepare
from lib.core.digits.robustness import Change, Changes, change_digit, probability_curve
from lib.core.digits.tray import KeptDigit, tray_zip
from lib.core.digits.upload import UploadError, UploadProblem, ink_of_picture, upright_picture
from lib.core.mnist import load_mnist, parse_idx
from lib.core.torchvision_compat import import_torchvision
from lib.core.training.bundled import bundled


def test_neighbours_are_those_of_brute_force() -> None:
    mnist = load_mnist()
    rows = mnist.train_images.reshape(len(mnist.train_images), -1)
    for image in mnist.test_images[:3]:
        distances = np.concatenate(
            [np.square(part.astype(np.int32) - image.reshape(-1)).sum(axis=1) for part in np.split(rows, 12)]
        )
        best = np.argsort(distances, kind="stable")[:6]
        found = nearest(image, 6)
        assert [each.distance for each in found] == pytest.approx(np.sqrt(distances[best]) / 255)
        assert [each.label for each in found] == mnist.train_labels[[each.index for each in found]].tolist()


def pixels_of(index: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.asarray(load_mnist().test_images[index].reshape(-1) / 255, dtype=np.float32)


def test_nothing_changes_where_nothing_is_asked_for() -> None:
    np.testing.assert_array_equal(change_digit(pixels_of(0), Changes()), pixels_of(0))


def test_moves_are_torchvisions() -> None:
    import_torchvision()
    from torchvision.transforms import functional

    ours = change_digit(pixels_of(4), Changes(shift_x=2.5, shift_y=-3, rotate=20, scale=1.2))
    theirs = functional.affine(
        torch.from_numpy(pixels_of(4)).view(1, 28, 28),
        angle=20,
        translate=[2.5, -3],  # type: ignore[list-item]
        scale=1.2,
        shear=[0.0, 0.0],
        interpolation=functional.InterpolationMode.BILINEAR,
    )
    np.testing.assert_allclose(ours, theirs.reshape(-1).numpy(), atol=1e-6)
    whole = change_digit(pixels_of(4), Changes(shift_x=1)).reshape(28, 28)
    np.testing.assert_allclose(whole[:, 1:], pixels_of(4).reshape(28, 28)[:, :-1], atol=1e-6)


def test_strokes_grow_and_shrink_and_noise_is_the_same_each_time() -> None:
    ink = [change_digit(pixels_of(0), Changes(thicken=amount)).sum() for amount in (-1, -0.5, 0, 0.3, 1, 2)]
    assert ink == sorted(ink)
    noisy = [change_digit(pixels_of(0), Changes(noise=0.4)) for _ in range(2)]
    np.testing.assert_array_equal(noisy[0], noisy[1])
    assert not np.array_equal(noisy[0], pixels_of(0))


@pytest.mark.parametrize("along", list(Change))
def test_a_curve_passes_through_what_the_network_says_now(along: Change) -> None:
    model = load_classifier(bundled().config, bundled().weights)
    others = replace(Changes(), shift_x=1.0) if along is not Change.SHIFT_X else Changes()
    curve = probability_curve(model, pixels_of(0), others, along)
    neutral = {Change.SCALE: 1.0}.get(along, 0.0)
    here = int(np.flatnonzero(curve.values == neutral)[0])
    said = answer(model, change_digit(pixels_of(0), others)).probabilities
    np.testing.assert_allclose(curve.probabilities[here], said, atol=1e-6)
    np.testing.assert_allclose(curve.probabilities.sum(axis=1), 1, atol=1e-5)


def picture(grey: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], format: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, format=format)
    return buffer.getvalue()


def test_ink_is_ink_on_any_paper() -> None:
    digit = np.kron(np.pad(load_mnist().test_images[0], 4), np.ones((5, 5), np.uint8))
    dark_on_light = ink_of_picture(picture((255 - digit).astype(np.uint8)))
    light_on_dark = ink_of_picture(picture(digit))
    photo = ink_of_picture(picture((230 - digit * 0.7).astype(np.uint8), "JPEG"))
    clear = np.zeros((*digit.shape, 4), np.uint8)
    clear[..., 3] = digit
    on_nothing = ink_of_picture(picture(clear))
    for found in (dark_on_light, photo, on_nothing):
        first, second = prepare(found.ink), prepare(light_on_dark.ink)
        assert first is not None
        assert second is not None
        assert np.abs(first.fed.astype(int) - second.fed).mean() < 8


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", UploadProblem.UNREADABLE),
        (b"<svg></svg>", UploadProblem.UNREADABLE),
        (
            picture(np.random.default_rng(0).integers(0, 256, (30, 30)).astype(np.uint8))[:200],
            UploadProblem.UNREADABLE,
        ),
        (picture(np.full((30, 30), 200, np.uint8)), UploadProblem.NO_CONTRAST),
        (picture(np.zeros((1, 1), np.uint8)), UploadProblem.NO_CONTRAST),
        (picture(np.zeros((4100, 4000), np.uint8)), UploadProblem.TOO_LARGE),
        (picture(np.pad(np.zeros((30, 30), np.uint8), 150, constant_values=230)), UploadProblem.NO_SIGN),
    ],
    ids=["empty", "text", "torn", "one colour", "one pixel", "large", "a spot"],
)
def test_other_files_are_refused_with_a_reason(content: bytes, problem: UploadProblem) -> None:
    with pytest.raises(UploadError) as caught:
        ink_of_picture(content)
    assert caught.value.problem is problem


def with_exif(orientation: int, *, odd: bool) -> bytes:
    """A photograph of a digit on its side; ``odd``: with a width of an EXIF type that nothing can be written as."""
    entries = [struct.pack("<HHI4s", 0x0112, 3, 1, bytes([orientation, 0, 0, 0]))]
    if odd:
        entries.insert(0, struct.pack("<HHI4s", 0x0100, 11, 1, bytes(4)))
    tiff = b"II*\0" + struct.pack("<IH", 8, len(entries)) + b"".join(entries) + bytes(4)
    digit = np.kron(
        np.pad(255 - load_mnist().test_images[0], 4, constant_values=255), np.ones((5, 8), np.uint8)
    )
    buffer = io.BytesIO()
    Image.fromarray(digit).save(buffer, format="JPEG", quality=95, exif=b"Exif\0\0" + tiff)
    return buffer.getvalue()


@pytest.mark.parametrize("orientation", range(10))
def test_a_photograph_is_the_right_way_up_whatever_else_its_camera_wrote(orientation: int) -> None:
    content = with_exif(orientation, odd=False)
    with upright_picture(content, ("JPEG",), 900) as upright, Image.open(io.BytesIO(content)) as lying:
        np.testing.assert_array_equal(np.asarray(upright), np.asarray(ImageOps.exif_transpose(lying)))
    np.testing.assert_array_equal(
        ink_of_picture(with_exif(orientation, odd=True)).ink, ink_of_picture(content).ink
    )


def test_whatever_pillow_raises_is_a_file_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(picture: Image.Image) -> Image.Image:
        raise KeyError(picture.format)

    monkeypatch.setattr("lib.core.digits.upload._turned", torn)
    with pytest.raises(UploadError) as caught:
        ink_of_picture(with_exif(1, odd=False))
    assert caught.value.problem is UploadProblem.UNREADABLE


def test_a_jpeg_that_goes_over_its_picture_again_and_again_is_refused() -> None:
    buffer = io.BytesIO()
    Image.new("L", (64, 64), 255).save(buffer, format="JPEG", progressive=True)
    content = buffer.getvalue()
    last = content.rindex(b"\xff\xda")
    repeated = content[:last] + content[last:-2] * 200 + content[-2:]
    with pytest.raises(UploadError) as caught:
        ink_of_picture(repeated)
    assert caught.value.problem is UploadProblem.TOO_LARGE


def test_the_trays_files_hold_the_digits() -> None:
    mnist = load_mnist()
    kept = [KeptDigit(mnist.test_images[i].tobytes(), int(mnist.test_labels[i])) for i in range(5)]
    with zipfile.ZipFile(io.BytesIO(tray_zip(kept))) as archive:
        images = parse_idx(gzip.decompress(archive.read("own-images-idx3-ubyte.gz")))
        labels = parse_idx(gzip.decompress(archive.read("own-labels-idx1-ubyte.gz")))
        first = np.asarray(Image.open(io.BytesIO(archive.read("png/001-label-7.png"))))
    np.testing.assert_array_equal(images, mnist.test_images[:5])
    np.testing.assert_array_equal(labels, mnist.test_labels[:5])
    np.testing.assert_array_equal(first, mnist.test_images[0])

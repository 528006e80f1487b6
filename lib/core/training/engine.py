"""Training as a generator of reports: the textbook loop's numbers in a fraction of its time.

The contract with the textbook: ``torch.manual_seed(seed)``, then the model; a DataLoader with
``shuffle=True`` and ``generator=torch.Generator().manual_seed(seed)`` over the first ``config.train_images``
training images. On the same device the losses agree within float rounding; ``lib.core.training.textbook`` is
that loop.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lib.core.training.config import TrainConfig
from lib.core.training.conv_network import ConvNetwork, ConvStep
from lib.core.training.data import EpochOrders, MnistTensors, mnist_tensors
from lib.core.training.network import BatchStep, Network
from lib.core.training.optimizers import Update, flat_update
from lib.core.training.pictures import Draft, Recorder
from lib.core.training.reports import EpochReport, FinalReport, Report, StepsReport
from lib.core.training.state import Place, StateError, TrainState, copies, fill

DEFAULT_CHUNK = 100
_TEST_BATCH = 2000


def train(
    config: TrainConfig,
    data: MnistTensors | None = None,
    *,
    chunk_steps: Callable[[], int] = lambda: DEFAULT_CHUNK,
    start: Mapping[str, NDArray[np.float32]] | None = None,
    make_update: Callable[[Network | ConvNetwork], Update] | None = None,
) -> Generator[Report, None, None]:
    """Train and report: losses in chunks, an EpochReport after each epoch, a FinalReport at the end.

    ``chunk_steps`` is asked before each chunk how many steps (at least 1) it may have; a chunk ends with its
    epoch at the latest. To pause is not to ask for the next report; to stop is to close the generator.
    ``data`` on the config's device; MNIST by default. ``start`` holds weights to go on from, named as in a
    :class:`FinalReport`; without it they are initialised as the seed says. ``make_update`` makes another update
    of the network's parameters than the config's optimizer.

    >>> reports = train(TrainConfig(epochs=1, train_share=0.01), chunk_steps=lambda: 4)
    >>> next(reports).steps_done
    4
    """
    return Training(config, data, start=start, make_update=make_update).reports(chunk_steps)


def state_after(
    config: TrainConfig,
    steps: int,
    data: MnistTensors | None = None,
    chunk_steps: Callable[[], int] = lambda: DEFAULT_CHUNK,
    *,
    start: Mapping[str, NDArray[np.float32]] | None = None,
) -> Iterator[Report]:
    """Train ``steps`` steps, the last report a :class:`FinalReport` as of then: the same numbers as a whole run's.

    >>> list(state_after(TrainConfig(), 0))[0].weights["1.weight"].shape
    (50, 784)
    """
    training = Training(config, data, start=start)
    if steps:
        for report in training.reports(lambda: min(chunk_steps(), steps - training.steps_done)):
            if isinstance(report, StepsReport):
                yield report
            if training.steps_done == steps:
                break
    yield training.finish()


class Training:
    """A training that can be set down before any of its chunks, and taken up by another one of the same config."""

    def __init__(
        self,
        config: TrainConfig,
        data: MnistTensors | None = None,
        *,
        start: Mapping[str, NDArray[np.float32]] | None = None,
        make_update: Callable[[Network | ConvNetwork], Update] | None = None,
    ) -> None:
        """Arguments as of :func:`train`."""
        self._config = config
        self._data = data = data if data is not None else mnist_tensors(config.device)
        self._images = data.train_images[: config.train_images]
        self._labels = data.train_labels[: config.train_images]
        self._network = ConvNetwork(config, start) if config.is_convolutional else Network(config, start)
        self._update = (
            make_update(self._network)
            if make_update is not None
            else flat_update(config, self._network.parameters, self._network.gradients)
        )
        self._orders = EpochOrders(config.train_images, config.seed)
        self._order_state = self._orders.state
        self._steps: dict[int, BatchStep | ConvStep] = {}
        self._seconds = 0.0
        self._steps_done = 0
        self._samples = 0
        self._epoch = 1
        self._batch = 0
        self._epoch_loss = 0.0
        self._is_epoch_over = False

    def reports(self, chunk_steps: Callable[[], int]) -> Generator[Report, None, None]:
        """Train from here to the end; see :func:`train`."""
        for report in self._go_on(chunk_steps, None):
            if not isinstance(report, Draft):
                yield report

    def with_pictures(
        self, chunk_steps: Callable[[], int], steps: Sequence[int] | None = None
    ) -> Generator[Report | Draft, None, None]:
        """The same, with drafts of pictures in between.

        Of step 0 before anything is trained, of every step to 100, then ever wider apart, of the last one; or of
        other ``steps``, in order.

        >>> reports = Training(TrainConfig(epochs=1, train_share=0.01)).with_pictures(lambda: 4)
        >>> next(reports).finish().step, next(reports).steps_done, next(reports).finish().step
        (0, 1, 1)
        """
        return self._go_on(chunk_steps, Recorder(self._config, self._data, steps))

    def _go_on(
        self, chunk_steps: Callable[[], int], recorder: Recorder | None
    ) -> Generator[Report | Draft, None, None]:
        if recorder is not None and recorder.begins_with(self._steps_done):
            yield recorder.take(self._network, self._steps_done, math.nan)
        while self._epoch <= self._config.epochs:
            if not self._is_epoch_over:
                batches = self._batches()
                while report := self._train_chunk(batches, chunk_steps(), recorder):
                    yield report
                    if recorder is not None and recorder.is_due(self._steps_done):
                        yield recorder.take(self._network, self._steps_done, float(report.losses[-1]))
                self._is_epoch_over = True
                yield self.end_epoch(self._epoch)
            self._begin_epoch()
        yield self.finish()

    def _train_chunk(
        self, batches: Iterator[Tensor], steps: int, recorder: Recorder | None
    ) -> StepsReport | None:
        allowed = steps if recorder is None else recorder.limit(self._steps_done, steps)
        return self.train_steps(batches, allowed)

    @property
    def steps_done(self) -> int:
        """Minibatches trained so far."""
        return self._steps_done

    def state(self) -> TrainState:
        """All it takes to go on from here: to be asked for while ``chunk_steps`` is, between two steps.

        >>> config = TrainConfig(epochs=1, train_share=0.01)
        >>> whole = [report.losses for report in train(config, chunk_steps=lambda: 5) if hasattr(report, "losses")]
        >>> first = Training(config)
        >>> _ = next(first.reports(lambda: 5))
        >>> second = Training(config)
        >>> second.restore(first.state())
        >>> bool((next(second.reports(lambda: 5)).losses == whole[1]).all())
        True
        """
        place = Place(
            identity=self._config.identity,
            epoch=self._epoch,
            batch=self._batch,
            is_epoch_over=self._is_epoch_over,
            steps_done=self._steps_done,
            samples=self._samples,
            epoch_loss=self._epoch_loss,
            seconds=self._seconds,
        )
        network = {f"network.{name}": value for name, value in copies(self._network.memory).items()}
        optimizer = {f"optimizer.{name}": value for name, value in copies(self._update.memory).items()}
        return TrainState(place, {**network, **optimizer, "order": self._order_state.clone()})

    def restore(self, state: TrainState) -> None:
        """Go on from there. Raises: StateError where the state is another config's."""
        place = state.place
        if place.identity != self._config.identity:
            raise StateError(f"the state of {place.identity}, not of {self._config.identity}")
        fill(self._network.memory, state.tensors, "network.")
        fill(self._update.memory, state.tensors, "optimizer.")
        self._orders.state = self._order_state = state.tensors["order"]
        self._epoch, self._batch, self._is_epoch_over = place.epoch, place.batch, place.is_epoch_over
        self._steps_done, self._samples = place.steps_done, place.samples
        self._epoch_loss, self._seconds = place.epoch_loss, place.seconds
        if self._is_epoch_over:
            next(self._orders)

    def _batches(self) -> Iterator[Tensor]:
        """What is left of the epoch's batches, as indices into the training set."""
        order = next(self._orders).to(self._network.device)
        return iter(torch.split(order, self._config.batch_size)[self._batch :])

    def _begin_epoch(self) -> None:
        self._order_state = self._orders.state
        self._epoch += 1
        self._batch, self._epoch_loss, self._is_epoch_over = 0, 0.0, False

    @torch.inference_mode()
    def train_steps(self, batches: Iterator[Tensor], limit: int) -> StepsReport | None:
        """Train at most ``limit`` batches; None where none are left."""
        started = time.perf_counter()
        losses: list[Tensor] = []
        sizes: list[int] = []
        update = self._update
        for indices in batches:
            step = self._step(len(indices))
            losses.append(step.run(indices))
            update()
            sizes.append(step.batch_size)
            if len(losses) >= limit:
                break
        if not losses:
            return None
        values = torch.stack(losses).cpu().numpy()
        first, count = self._steps_done, int(np.sum(sizes))
        self._steps_done += len(losses)
        self._samples += count
        self._batch += len(losses)
        for value, size in zip(values.tolist(), sizes, strict=True):
            self._epoch_loss += value * size  # one by one: the same sum however the steps were cut in chunks
        self._seconds += time.perf_counter() - started
        return StepsReport(first, values, self._seconds, self._samples)

    def _step(self, batch_size: int) -> BatchStep | ConvStep:
        if batch_size not in self._steps:
            self._steps[batch_size] = self._network.step(self._images, self._labels, batch_size)
        return self._steps[batch_size]

    @torch.inference_mode()
    def end_epoch(self, epoch: int) -> EpochReport:
        """Measure on the test images."""
        started = time.perf_counter()
        loss_sum, correct = 0.0, 0
        for logits, labels in self._test_logits():
            given = logits.softmax(dim=1) if self._config.softmax_first else logits
            loss_sum += float(torch.nn.functional.cross_entropy(given, labels, reduction="sum"))
            correct += int((logits.argmax(dim=1) == labels).sum())
        total = len(self._data.test_labels)
        self._seconds += time.perf_counter() - started
        return EpochReport(
            epoch=epoch,
            steps_done=self._steps_done,
            train_loss=self._epoch_loss / self._config.train_images,
            test_loss=loss_sum / total,
            test_correct=correct,
            test_total=total,
            seconds=self._seconds,
        )

    def _test_logits(self) -> Iterator[tuple[Tensor, Tensor]]:
        images, labels = self._data.test_images, self._data.test_labels
        for rows, truths in zip(
            torch.split(images, _TEST_BATCH), torch.split(labels, _TEST_BATCH), strict=True
        ):
            yield self._network.logits(rows), truths

    @torch.inference_mode()
    def finish(self) -> FinalReport:
        """The trained weights and what they say about each test image."""
        logits, labels = zip(*self._test_logits(), strict=True)
        probabilities = torch.cat(logits).softmax(dim=1)
        best = probabilities.max(dim=1)
        of_label = probabilities.gather(1, torch.cat(labels).unsqueeze(1)).squeeze(1)
        return FinalReport(
            weights={name: w.numpy() for name, w in self._network.named_weights().items()},
            predictions=best.indices.to(torch.uint8).cpu().numpy(),
            confidences=best.values.cpu().numpy(),
            label_confidences=of_label.cpu().numpy(),
            seconds=self._seconds,
        )

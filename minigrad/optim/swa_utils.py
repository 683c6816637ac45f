"""Averages of a model's weights over training."""

import math
from copy import deepcopy

from ..autograd.modes import no_grad
from ..nn.modules.batchnorm import BatchNorm1d
from ..nn.modules.module import Module
from ..ops.creation import tensor
from .lr_scheduler.base import LRScheduler


def get_ema_avg_fn(decay=0.999):
    """average <- decay average + (1 - decay) weight"""
    return lambda average, weight, count: decay * average + (1 - decay) * weight


def get_ema_multi_avg_fn(decay=0.999):
    """get_ema_avg_fn over lists, in place"""
    if not 0.0 <= decay <= 1.0:
        raise ValueError(f"Invalid decay value {decay} provided. Please provide a value in [0,1] range.")

    def update(averages, weights, count):
        with no_grad():
            for average, weight in zip(averages, weights):
                average.lerp_(weight, 1 - decay)

    return update


def get_swa_avg_fn():
    """average <- average + (weight - average) / (count + 1)"""
    return lambda average, weight, count: average + (weight - average) / (count + 1)


class AveragedModel(Module):
    """A copy of a model whose weights are averages of those that `update_parameters` was shown"""

    def __init__(self, model, device=None, avg_fn=None, multi_avg_fn=None, use_buffers=False):
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer("n_averaged", tensor(0, device=device))
        self.avg_fn, self.multi_avg_fn, self.use_buffers = avg_fn, multi_avg_fn, use_buffers

    def forward(self, *args, **kwargs):
        return self.module(*args, **kwargs)

    def _averaged(self, module):
        return [*module.parameters(), *(module.buffers() if self.use_buffers else ())]

    def update_parameters(self, model):
        """Let the model's weights count"""
        own = self._averaged(self.module)
        given = [each.detach().to(mine.device) for mine, each in zip(own, self._averaged(model))]
        own = [each.detach() for each in own]
        if self.n_averaged == 0:
            for mine, each in zip(own, given):
                mine.copy_(each)
        elif self.multi_avg_fn is not None:
            self.multi_avg_fn(own, given, self.n_averaged)
        else:
            average = self.avg_fn or get_swa_avg_fn()
            for mine, each in zip(own, given):
                mine.copy_(average(mine, each, self.n_averaged))
        if not self.use_buffers:
            for mine, each in zip(self.module.buffers(), model.buffers()):
                mine.detach().copy_(each.detach().to(mine.device))
        self.n_averaged += 1


@no_grad()
def update_bn(loader, model, device=None):
    """Compute the running statistics of batch normalization anew, as averages over a loader's batches"""
    kind = BatchNorm1d.__mro__[1]
    layers = [module for module in model.modules() if isinstance(module, kind)]
    if not layers:
        return
    momenta, training = [layer.momentum for layer in layers], model.training
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None
    model.train()
    for input in loader:
        input = input[0] if isinstance(input, (list, tuple)) else input
        model(input if device is None else input.to(device))
    for layer, momentum in zip(layers, momenta):
        layer.momentum = momentum
    model.train(training)


class SWALR(LRScheduler):
    """From the learning rate there is to swa_lr in anneal_epochs steps, by a cosine or a line, and no further"""

    def __init__(self, optimizer, swa_lr, anneal_epochs=10, anneal_strategy="cos", last_epoch=-1):
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy must by one of 'cos' or 'linear', instead got {anneal_strategy}")
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}")
        rates = swa_lr if isinstance(swa_lr, (list, tuple)) else [swa_lr] * len(optimizer.param_groups)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["swa_lr"] = rate
        self._anneal_strategy, self.anneal_epochs = anneal_strategy, anneal_epochs
        super().__init__(optimizer, last_epoch)

    def _share(self, step):
        """How far the way to swa_lr has been gone after a number of steps"""
        t = max(0, min(1, step / max(1, self.anneal_epochs)))
        return t if self._anneal_strategy == "linear" else (1 - math.cos(math.pi * t)) / 2

    def get_lr(self):
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self._share(max(0, step - 1)), self._share(step)
        return [group["swa_lr"] * now + self._start(group, before) * (1 - now) for group in self.optimizer.param_groups]

    def _start(self, group, share):
        """The learning rate at the beginning of the way, from the one after a share of it"""
        return group["swa_lr"] if share == 1 else (group["lr"] - share * group["swa_lr"]) / (1 - share)

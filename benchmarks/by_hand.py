"""Training steps with no autograd at all: what somebody who knows the derivatives would write in NumPy."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def sgd(parameters, gradients, velocities, lr, momentum):
    for p, g, v in zip(parameters, gradients, velocities, strict=True):
        v *= momentum
        v += g
        p -= lr * v


def cross_entropy(scores, labels):
    """The mean loss and its gradient, (softmax - one hot) / n."""
    rows = np.arange(len(labels))
    shifted = scores - scores.max(1, keepdims=True)
    e = np.exp(shifted)
    total = e.sum(1, keepdims=True)
    loss = (np.log(total[:, 0]) - shifted[rows, labels]).mean()
    g = e / total
    g[rows, labels] -= 1
    return loss, g / len(labels)


def layers(x, parameters):
    """Linear layers with relu between them; the inputs of each and the scores."""
    inputs = []
    for i in range(0, len(parameters), 2):
        x = np.maximum(x, 0) if i else x
        inputs.append(x)
        x = x @ parameters[i].T + parameters[i + 1]
    return inputs, x


def layers_backward(g, inputs, parameters):
    """Gradients of the linear layers' parameters, in their order, and of the first input."""
    gradients = []
    for i in reversed(range(len(inputs))):
        gradients[:0] = [g.T @ inputs[i], g.sum(0)]
        g = g @ parameters[2 * i]
        if i:
            g *= inputs[i] > 0
    return gradients, g


def convolve(x, w, b):
    """Channels last: each 3x3 window becomes a row, and the convolution a matrix product."""
    windows = sliding_window_view(x, (3, 3), axis=(1, 2))
    columns = windows.reshape(-1, w[0].size)
    return columns, (columns @ w.reshape(len(w), -1).T + b).reshape(*windows.shape[:3], len(w))


def convolve_backward(g, columns, w, x_shape=None):
    n, h, width, _ = g.shape
    flat = g.reshape(-1, len(w))
    gw, gb = (flat.T @ columns).reshape(w.shape), flat.sum(0)
    if x_shape is None:
        return gw, gb, None
    gcolumns = (flat @ w.reshape(len(w), -1)).reshape(n, h, width, *w.shape[1:])
    gx = np.zeros(x_shape, g.dtype)
    for i in range(3):
        for j in range(3):
            gx[:, i : i + h, j : j + width] += gcolumns[..., i, j]
    return gw, gb, gx


def relu_pool(y):
    """relu, then the maximum of each 2x2 block; a last odd row or column is left out."""
    n, h, w, c = y.shape
    blocks = y[:, : h // 2 * 2, : w // 2 * 2].reshape(n, h // 2, 2, w // 2, 2, c)
    return np.maximum(blocks.max((2, 4)), 0)


def relu_pool_backward(g, y, pooled):
    n, h, w, c = pooled.shape
    gy = np.zeros_like(y)
    blocks = y[:, : 2 * h, : 2 * w].reshape(n, h, 2, w, 2, c)
    mask = (blocks == pooled[:, :, None, :, None]) & (blocks > 0)
    gy[:, : 2 * h, : 2 * w] = (mask * g[:, :, None, :, None]).reshape(n, 2 * h, 2 * w, c)
    return gy


def lenet_step(parameters, velocities, images, labels, lr, momentum):
    w1, b1, w2, b2, *rest = parameters
    x = images.transpose(0, 2, 3, 1)
    columns1, y1 = convolve(x, w1, b1)
    pooled1 = relu_pool(y1)
    columns2, y2 = convolve(pooled1, w2, b2)
    pooled2 = relu_pool(y2)
    inputs, scores = layers(pooled2.transpose(0, 3, 1, 2).reshape(len(images), -1), rest)

    loss, g = cross_entropy(scores, labels)
    gradients, g = layers_backward(g, inputs, rest)
    n, h, w, c = pooled2.shape
    g = g.reshape(n, c, h, w).transpose(0, 2, 3, 1)
    gw2, gb2, g = convolve_backward(relu_pool_backward(g, y2, pooled2), columns2, w2, pooled1.shape)
    gw1, gb1, _ = convolve_backward(relu_pool_backward(g, y1, pooled1), columns1, w1)
    sgd(parameters, [gw1, gb1, gw2, gb2, *gradients], velocities, lr, momentum)
    return loss


def mlp_step(parameters, velocities, images, labels, lr, momentum):
    inputs, scores = layers(images, parameters)
    loss, g = cross_entropy(scores, labels)
    gradients, _ = layers_backward(g, inputs, parameters)
    sgd(parameters, gradients, velocities, lr, momentum)
    return loss

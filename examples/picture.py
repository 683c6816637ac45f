"""The one picture a training run leaves behind: how it learned, what it sees, and where it errs."""

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

INK, BLUE, RED, PALE = "#22303c", "#1f6fb2", "#c8372d", "#b9cfe2"
COLUMNS = 12

STYLE = {
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
}


def draw(path, digits, epochs):
    """Loss curve, first-layer filters with what they make of one digit, and predictions, mistakes in red."""
    with plt.rc_context(STYLE):
        figure = plt.figure(figsize=(12, 8.6), dpi=130, layout="constrained", facecolor="white")
        figure.get_layout_engine().set(w_pad=0.09, h_pad=0.07)
        above, below = figure.subfigures(2, 1, height_ratios=(1.25, 1))
        left, right = above.subfigures(1, 2, width_ratios=(1.25, 1))
        draw_loss(left.subplots(), epochs)
        draw_filters(right, digits, epochs[-1].net)
        draw_predictions(below, digits, epochs[-1])
        figure.savefig(path)
        plt.close(figure)


def draw_loss(axes, epochs):
    losses = np.array([epoch.losses for epoch in epochs])
    count, steps = losses.shape
    at_ends = np.arange(1, count + 1)
    axes.plot(np.arange(1, count * steps + 1) / steps, losses.ravel(), color=PALE, linewidth=0.8, label="each batch")
    axes.plot(at_ends, losses.mean(1), color=BLUE, linewidth=2, label="mean of the epoch")
    held_out = [epoch.test_loss for epoch in epochs]
    axes.plot(at_ends, held_out, "o-", color=RED, markersize=3.5, clip_on=False, label="held out")
    axes.set(xlabel="epoch", ylabel="cross entropy", yscale="log", xlim=(0, count))
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(loc="lower left")
    axes.set_title(f"{epochs[-1].accuracy:.1%} of the held-out digits are right")


def draw_filters(figure, digits, net):
    """The first layer's kernels (red adds, blue subtracts), each beside what it makes of one digit after relu."""
    image = digits.test_images[0, 0]
    kernels = net.conv1.weight.detach().numpy()[:, 0]
    biases = net.conv1.bias.detach().numpy()
    reach = abs(kernels).max()
    cells = figure.subplots(len(kernels) // 2, 4).reshape(-1, 2)
    for kernel, bias, (left, right) in zip(kernels, biases, cells, strict=True):
        left.imshow(kernel, cmap="RdBu_r", vmin=-reach, vmax=reach)
        right.imshow(np.maximum(correlate(image, kernel) + bias, 0), cmap="gray_r")
        bare(left)
        bare(right)
    heading(figure, "The first layer's filters, and what each sees in a digit")


def correlate(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)


def draw_predictions(figure, digits, epoch):
    """Two rows from the front of the held-out set, then a row of mistakes."""
    wrong = np.flatnonzero(epoch.predictions != digits.test_labels)
    first = np.arange(min(2 * COLUMNS, len(digits.test_labels)))
    cells = figure.subplots(3, COLUMNS).ravel()
    for axes in cells:
        axes.set_axis_off()
    for axes, index in zip(cells, [*first, *wrong[:COLUMNS]]):
        draw_prediction(axes, digits.test_images[index, 0], digits.test_labels[index], epoch.predictions[index])
    some = "" if len(wrong) <= COLUMNS else f"{COLUMNS} of "
    count = f"{some}its {len(wrong)} mistakes in {len(epoch.predictions)}"
    heading(figure, f"Held-out digits and the net's answers; below them {count}")


def heading(figure, text):
    figure.suptitle(text, x=0.01, horizontalalignment="left", weight="bold", size=11)


def draw_prediction(axes, image, truth, prediction):
    right = truth == prediction
    axes.set_axis_on()
    axes.imshow(image, cmap="gray_r")
    answer = f"{prediction} ✓" if right else f"not {prediction} but {truth}"
    color, weight = (INK, "normal") if right else (RED, "bold")
    bare(axes, color)
    axes.set_title(answer, loc="center", size=9, pad=3, color=color, weight=weight)


def bare(axes, edge=INK):
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(visible=True, color=edge, linewidth=0.6 if edge == INK else 1.8)

"""Sequences of several lengths in one tensor: padded, or packed step by step."""

from collections import namedtuple

from ...ops.creation import as_tensor, full
from ...ops.joining import cat, stack
from ...ops.sorting import argsort, sort

UNSORTED = ("`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
            "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you do "
            "not need ONNX exportability.")


class PackedSequence(namedtuple("PackedSequence_", ("data", "batch_sizes", "sorted_indices", "unsorted_indices"))):
    """All sequences' first steps, then all second steps, ...; `batch_sizes` says how many sequences have each step."""

    __slots__ = ()

    def __new__(cls, data, batch_sizes=None, sorted_indices=None, unsorted_indices=None):
        if batch_sizes is None:
            data, batch_sizes = data
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def __repr__(self):
        return super().__repr__().replace("PackedSequence_", "PackedSequence")

    def to(self, *args, **kwargs):
        """Every tensor, or the data alone if a dtype is asked for, moved"""
        data = self.data.to(*args, **kwargs)
        if data is self.data:
            return self
        moved = [index if index is None else index.to(data.device) for index in self[2:]]
        return type(self)(data, self.batch_sizes, *moved)

    def cpu(self):
        return self.to("cpu")

    def cuda(self, *args, **kwargs):
        return self.to("cuda")

    def double(self):
        return self.to(self.data.double().dtype)

    def float(self):
        return self.to(self.data.float().dtype)

    @property
    def is_cuda(self):
        return self.data.is_cuda

    def is_pinned(self):
        return self.data.is_pinned()


def invert_permutation(permutation):
    """The permutation that undoes another"""
    return None if permutation is None else argsort(permutation)


def pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True):
    """Pack padded sequences of shape (time, batch, ...); the longest comes first, unless enforce_sorted=False sorts them."""
    lengths = as_tensor(lengths).cpu()
    order = None
    if not enforce_sorted:
        lengths, order = sort(lengths, descending=True)
        input = input.index_select(0 if batch_first else 1, order)
    steps = input.transpose(0, 1) if batch_first else input
    counts = lengths.tolist()
    if len(counts) != steps.size(1):
        raise RuntimeError(f"Expected `len(lengths)` to be equal to batch_size, but got {len(counts)} "
                           f"(batch_size={steps.size(1)})")
    if counts[-1] <= 0:
        raise RuntimeError("Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0")
    if counts != sorted(counts, reverse=True):
        raise RuntimeError(UNSORTED)
    sizes = [sum(length > step for length in counts) for step in range(counts[0])]
    return PackedSequence(cat([steps[step, :size] for step, size in enumerate(sizes)]), as_tensor(sizes), order)


def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None):
    """Padded sequences of shape (time, batch, ...) and their lengths: what pack_padded_sequence packed."""
    sizes = sequence.batch_sizes.tolist()
    length = len(sizes)
    if total_length is not None:
        if total_length < length:
            raise ValueError("Expected total_length to be at least the length of the longest sequence in input, but got "
                             f"total_length={total_length} and max sequence length being {length}")
        length = total_length
    data = sequence.data
    padded = full((length, sizes[0], *data.shape[1:]), padding_value, dtype=data.dtype, device=data.device)
    for step, part in enumerate(data.split(sizes)):
        padded[step, : sizes[step]] = part
    lengths = as_tensor([sum(size > i for size in sizes) for i in range(sizes[0])])
    padded = padded.transpose(0, 1) if batch_first else padded
    if sequence.unsorted_indices is not None:
        padded = padded.index_select(0 if batch_first else 1, sequence.unsorted_indices)
        lengths = lengths[sequence.unsorted_indices.cpu()]
    return padded, lengths


def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side="right"):
    """Tensors of different lengths filled up to the longest and stacked, along dimension 1 or, batch_first, 0."""
    if padding_side not in ("left", "right"):
        raise RuntimeError(f"Expected padding_side to be one of left or right, but got {padding_side}.")
    sequences = list(sequences)
    length = max(each.size(0) for each in sequences)
    rows = []
    for each in sequences:
        row = each.new_full((length, *each.shape[1:]), padding_value)
        start = length - each.size(0) if padding_side == "left" else 0
        row[start : start + each.size(0)] = each
        rows.append(row)
    return stack(rows, 0 if batch_first else 1)


def unpad_sequence(padded_sequences, lengths, batch_first=False):
    """The sequences that pad_sequence padded, as a list"""
    rows = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [row[: int(length)] for row, length in zip(rows, lengths)]


def pack_sequence(sequences, enforce_sorted=True):
    """Pack tensors of different lengths"""
    lengths = as_tensor([each.size(0) for each in sequences])
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences):
    """The tensors that pack_sequence packed, as a list"""
    return unpad_sequence(*pad_packed_sequence(packed_sequences, batch_first=True), batch_first=True)

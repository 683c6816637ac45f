"""Recurrent layers over sequences of several lengths."""
import torch
import torch.nn as nn
from torch.nn.utils.rnn import (
    PackedSequence, pack_padded_sequence, pack_sequence, pad_packed_sequence, pad_sequence, unpack_sequence, unpad_sequence,
)

torch.manual_seed(0)
sequences = [torch.randn(n, 3) for n in (2, 4, 3)]
lengths = torch.tensor([len(each) for each in sequences])
padded = pad_sequence(sequences, batch_first=True, padding_value=-1.0)
print(padded.shape, padded[0], pad_sequence(sequences, padding_side="left")[0])
packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
print(packed, isinstance(packed, PackedSequence))
print(unpad_sequence(padded, lengths, batch_first=True)[0], unpack_sequence(pack_sequence(sequences, enforce_sorted=False))[2])

for layer in (nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True), nn.GRU(3, 4, batch_first=True), nn.RNN(3, 4, 2),
              nn.LSTM(3, 4, proj_size=2), nn.GRU(3, 4, bidirectional=True, bias=False)):
    output, state = layer(packed)
    print(output.data.grad_fn.name(), output.batch_sizes)
    unpacked, again = pad_packed_sequence(output, batch_first=True, total_length=5)
    print(unpacked[0], again, state)
    unpacked.pow(2).sum().backward()
    print([parameter.grad.norm() for parameter in layer.parameters()])

lstm = nn.LSTM(3, 4)
start = torch.randn(1, 3, 4), torch.randn(1, 3, 4)
_, (h, c) = lstm(packed, start)
alone = [lstm(each.unsqueeze(1), (start[0][:, i:i + 1], start[1][:, i:i + 1]))[1][0] for i, each in enumerate(sequences)]
print(h, c, torch.allclose(h, torch.cat(alone, 1), atol=1e-6))


def fails(program):
    try:
        print("no error", program())
    except Exception as error:
        print(type(error).__name__, error)


fails(lambda: pack_padded_sequence(padded, lengths, batch_first=True))
fails(lambda: pack_padded_sequence(padded, [0, 0, 0], batch_first=True))
fails(lambda: pack_padded_sequence(padded, [1, 1], batch_first=True))
fails(lambda: pad_packed_sequence(packed, total_length=1))
fails(lambda: pad_sequence(sequences, padding_side="up"))

"""torch.nn.functional: names gathered from ops/, nothing defined."""

from ..ops.linalg import linear
from ..ops.activation import functional_relu as relu
from ..ops.activation import functional_sigmoid as sigmoid
from ..ops.activation import functional_tanh as tanh
from ..ops.cross_entropy import cross_entropy, nll_loss
from ..ops.dropout import dropout
from ..ops.loss import l1_loss, mse_loss
from ..ops.softmax import functional_log_softmax as log_softmax
from ..ops.softmax import functional_softmax as softmax
from ..ops.softmax import softmin
from ..ops.convolution import conv1d, conv2d, conv3d, conv_transpose1d, conv_transpose2d, conv_transpose3d
from ..ops.pooling import max_pool2d, max_pool3d

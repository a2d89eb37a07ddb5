"""What torch's layers start with: their parameters, drawn in torch's order.

A key is split, one for each array. A Generator gives the bits that the layer of ``torch.nn`` would
hold, and stands where torch's generator stands then. What is called ``kernel`` has JAX's layout, in
before out; what is called ``weight`` has torch's name and torch's layout, as in its state_dict.
"""

from jaxnn.parameters.attention import init_multihead_attention as init_multihead_attention
from jaxnn.parameters.attention import (
    init_transformer_encoder_layer as init_transformer_encoder_layer,
)
from jaxnn.parameters.convolution import Conv as Conv
from jaxnn.parameters.convolution import init_conv as init_conv
from jaxnn.parameters.convolution import init_conv_transpose as init_conv_transpose
from jaxnn.parameters.embedding import init_embedding as init_embedding
from jaxnn.parameters.recurrent import init_gru as init_gru
from jaxnn.parameters.recurrent import init_lstm as init_lstm
from jaxnn.parameters.recurrent import init_rnn as init_rnn

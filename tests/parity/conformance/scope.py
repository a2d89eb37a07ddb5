"""Which of the operations in torch's own database the adapter covers, by family.

The database is ``torch.testing._internal.common_methods_invocations.op_db``. Its names are given
here; an operation of several variants there (``norm.nuc``, ``std.unbiased``) is in with all.
"""

VIEWS = """
H T alias_copy as_strided as_strided_copy as_strided_scatter atleast_1d atleast_2d atleast_3d
broadcast_tensors broadcast_to chunk conj contiguous diagonal diagonal_copy diagonal_scatter dsplit
expand expand_as expand_copy flatten hsplit imag linalg.diagonal mH mT movedim narrow narrow_copy
permute permute_copy ravel real reshape reshape_as resize_ resize_as_ resolve_conj resolve_neg
select select_scatter slice_scatter split split_with_sizes split_with_sizes_copy squeeze
squeeze_copy t t_copy tensor_split transpose transpose_copy unbind unbind_copy unflatten unfold
unfold_copy unsafe_chunk unsafe_split unsqueeze unsqueeze_copy view view_as view_as_complex
view_as_real view_copy vsplit
"""

ELEMENTWISE = """
__radd__ __rand__ __rdiv__ __rmod__ __rmul__ __ror__ __rpow__ __rsub__ __rxor__ abs acos acosh add
addcdiv addcmul allclose angle asin asinh atan atan2 atanh bitwise_and bitwise_left_shift
bitwise_not bitwise_or bitwise_right_shift bitwise_xor ceil clamp clamp_max clamp_min complex
conj_physical copysign cos cosh deg2rad digamma div eq equal erf erfc erfinv exp exp2 expm1 fill
float_power floor floor_divide fmax fmin fmod frac frexp gcd ge gt heaviside hypot i0 igamma igammac
isclose isfinite isinf isnan isneginf isposinf isreal lcm ldexp le lerp lgamma log log10 log1p log2
logaddexp logaddexp2 logical_and logical_not logical_or logical_xor logit lt maximum minimum mul
mvlgamma nan_to_num ne neg nextafter polar polygamma positive pow rad2deg reciprocal remainder round
rsqrt rsub sgn sigmoid sign signbit sin sinc sinh special.airy_ai special.bessel_j0
special.bessel_j1 special.bessel_y0 special.chebyshev_polynomial_t special.chebyshev_polynomial_u
special.chebyshev_polynomial_v special.chebyshev_polynomial_w special.entr special.erfcx
special.hermite_polynomial_h special.hermite_polynomial_he special.i0e special.i1 special.i1e
special.laguerre_polynomial_l special.legendre_polynomial_p special.log_ndtr
special.modified_bessel_i0 special.modified_bessel_i1 special.modified_bessel_k0
special.modified_bessel_k1 special.ndtr special.ndtri special.polygamma
special.scaled_modified_bessel_k0 special.scaled_modified_bessel_k1
special.shifted_chebyshev_polynomial_t special.shifted_chebyshev_polynomial_u
special.shifted_chebyshev_polynomial_v special.shifted_chebyshev_polynomial_w
special.spherical_bessel_j0 special.xlog1py special.zeta sqrt square sub tan tanh true_divide trunc
xlogy
"""

REDUCTIONS = """
all amax amin aminmax any argmax argmin argsort bincount count_nonzero cov corrcoef cummax cummin
cumprod cumsum cumulative_trapezoid diff dist histc histogram kthvalue linalg.matrix_norm
linalg.norm linalg.vector_norm log_softmax logcumsumexp logsumexp max mean median min mode msort
nanmean nanmedian nanquantile nansum norm prod quantile renorm softmax sort std std_mean sum
sum_to_size topk trapezoid trapz unique unique_consecutive var var_mean
"""

MATMUL_AND_CREATION = """
__rmatmul__ addbmm addmm addmv addr arange baddbmm bmm cdist cross diag diag_embed diagflat dot
einsum empty empty_like empty_permuted empty_strided eye full full_like inner kron linalg.cross
linalg.matrix_power linalg.multi_dot linalg.vander linalg.vecdot linspace logspace matmul mm mv
new_empty new_empty_strided new_full new_ones new_zeros ones ones_like outer scalar_tensor tensordot
trace tril tril_indices triu triu_indices vdot zero_ zeros zeros_like
linalg.inv linalg.det linalg.slogdet linalg.solve linalg.cholesky linalg.qr linalg.svd
linalg.svdvals linalg.eigh linalg.eigvalsh linalg.pinv linalg.matrix_rank
logdet
"""

JOINING = """
block_diag broadcast_shapes cartesian_prod cat column_stack combinations constant_pad_nd dstack flip
fliplr flipud gradient hstack meshgrid repeat repeat_interleave roll rot90 stack tile vstack
bfloat16 bool byte cdouble cfloat char clone double float half int item long short to
"""

INDEXING = """
__getitem__ argwhere bucketize gather index_add index_copy index_fill index_put index_reduce
index_select isin masked_fill masked_scatter masked_select nonzero nonzero_static put scatter
scatter_add scatter_reduce searchsorted take take_along_dim unravel_index where
"""

RANDOM = """
bernoulli cauchy exponential geometric log_normal multinomial normal rand_like randint randint_like
randn randn_like uniform
"""

FUNCTIONAL = """
nn.functional.alpha_dropout nn.functional.batch_norm nn.functional.binary_cross_entropy
nn.functional.binary_cross_entropy_with_logits nn.functional.celu
nn.functional.cosine_embedding_loss nn.functional.cosine_similarity nn.functional.cross_entropy
nn.functional.ctc_loss nn.functional.dropout nn.functional.dropout2d nn.functional.dropout3d
nn.functional.elu nn.functional.embedding nn.functional.feature_alpha_dropout
nn.functional.gaussian_nll_loss nn.functional.gelu nn.functional.glu nn.functional.group_norm
nn.functional.hardshrink nn.functional.hardsigmoid nn.functional.hardswish nn.functional.hardtanh
nn.functional.hinge_embedding_loss nn.functional.huber_loss nn.functional.instance_norm
nn.functional.kl_div nn.functional.l1_loss nn.functional.layer_norm nn.functional.leaky_relu
nn.functional.linear nn.functional.logsigmoid nn.functional.margin_ranking_loss nn.functional.mish
nn.functional.mse_loss nn.functional.multi_margin_loss nn.functional.multilabel_margin_loss
nn.functional.multilabel_soft_margin_loss nn.functional.nll_loss nn.functional.normalize
nn.functional.one_hot nn.functional.pad nn.functional.pairwise_distance nn.functional.pdist
nn.functional.poisson_nll_loss nn.functional.prelu nn.functional.relu nn.functional.relu6
nn.functional.rms_norm nn.functional.rrelu nn.functional.scaled_dot_product_attention
nn.functional.selu nn.functional.silu nn.functional.smooth_l1_loss nn.functional.soft_margin_loss
nn.functional.softmin nn.functional.softplus nn.functional.softshrink nn.functional.softsign
nn.functional.tanhshrink nn.functional.threshold nn.functional.triplet_margin_loss
nn.functional.triplet_margin_with_distance_loss native_layer_norm native_batch_norm
nn.functional.bilinear nn.functional.local_response_norm nn.functional.pixel_shuffle
nn.functional.pixel_unshuffle nn.functional.channel_shuffle
"""

FAMILIES = {
    "views": VIEWS.split(),
    "elementwise": ELEMENTWISE.split(),
    "reductions": REDUCTIONS.split(),
    "matmul": MATMUL_AND_CREATION.split(),
    "joining": JOINING.split(),
    "indexing": INDEXING.split(),
    "random": RANDOM.split(),
    "functional": FUNCTIONAL.split(),
}

#: Those whose results hold whatever was in memory before.
UNINITIALISED = {
    *("empty", "empty_like", "empty_permuted", "empty_strided", "new_empty", "new_empty_strided"),
    *("resize_", "resize_as_"),
}

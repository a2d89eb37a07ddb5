"""Expressions whose outcome, result or error, is torch's to the character.

`tests/golden/make_adapter.py` evaluates them with torch and writes down what comes out. Each family
may use the names that `names` gives. Several statements are separated by "; ", the last is the
expression.
"""

from typing import Any

import numpy as np


def names(torch: Any) -> dict[str, Any]:
    """What an expression may use, made anew for each."""
    return {
        "torch": torch,
        "np": np,
        "t": torch.arange(6.0).view(2, 3),
        "i": torch.arange(6).view(2, 3),
        "b": torch.tensor([True, False, True]),
        "z": torch.zeros,
    }


def outcome(torch: Any, expression: str) -> str:
    """The text of the result, or the error's type and text."""
    *statements, last = expression.split("; ")
    given = names(torch)
    try:
        for statement in statements:
            exec(statement, given)
        return repr(eval(last, given))
    except Exception as error:
        kind = next(k for k in type(error).__mro__ if k.__module__ == "builtins")
        return f"{kind.__name__}: {str(error).split(chr(10) + 'Exception raised')[0]}"


CREATION = """
torch.tensor([1.5, 2])
torch.tensor([[1, 2], [3, 4]])
torch.tensor([True, 2])
torch.tensor([1, 2.5, 1j])
torch.tensor([])
torch.tensor([[], []])
torch.tensor(3)
torch.tensor(range(3))
torch.tensor(np.float32(2))
torch.tensor(np.arange(3, dtype=np.int16))
torch.tensor([np.ones(2), np.ones(2)])
torch.tensor([1.7, -1.7], dtype=torch.int64)
torch.tensor([-1], dtype=torch.uint8)
torch.tensor([[1, 2], [3]])
torch.tensor([[1, 2], 3])
torch.tensor([1, [2, 3]])
torch.tensor(['a'])
torch.tensor('a')
torch.tensor(None)
torch.tensor([2**63])
torch.tensor([300], dtype=torch.uint8)
torch.tensor([2**40], dtype=torch.int32)
torch.tensor([float('nan')], dtype=torch.int64)
torch.tensor([1j], dtype=torch.float32)
torch.as_tensor([1, 2], dtype=torch.float32)
torch.arange(5)
torch.arange(2.5)
torch.arange(0, 1, 0.25)
torch.arange(5, 0, -2)
torch.arange(1, 2.5, dtype=torch.int64)
torch.arange(0, 5, 0)
torch.arange(5, 0)
torch.arange(0, float('inf'))
torch.linspace(0, 1, 5)
torch.linspace(3, 3, 1)
torch.linspace(0, 10, 4, dtype=torch.int64)
torch.linspace(0, 1, -1)
torch.eye(2, 3)
torch.eye(2, dtype=torch.bool)
torch.eye(-1)
torch.eye(2, -3)
torch.zeros(2, 3)
torch.zeros((2, 3), dtype=torch.int8)
torch.zeros(())
torch.zeros(0, 3)
torch.zeros(-1)
torch.ones(-1, 2)
torch.zeros(2.5)
torch.zeros((2, 'a'))
torch.ones(2, dtype=float)
torch.full((2,), 1)
torch.full((2,), 1.5)
torch.full((2,), True)
torch.full((2,), 'a')
torch.zeros_like(t), torch.ones_like(i), torch.full_like(t, 7)
torch.zeros_like(t.T).stride()
torch.empty_like(t[:, ::2]).stride()
torch.zeros_like([1])
torch.from_numpy(np.arange(4.0).reshape(2, 2).T).stride()
torch.from_numpy([1])
torch.from_numpy(np.zeros(3)[::-1])
torch.from_numpy(np.array(['a']))
torch.from_numpy(np.zeros(3, '>f4'))
torch.from_numpy(np.arange(6, dtype='i2')[::2])
torch.Tensor([1, 2]), torch.Tensor(2, 3).shape
t.new_zeros(2), i.new_ones(2), t.new_full((2,), 3), i.new_tensor([1.5])
"""

PROPERTIES = """
t.shape, t.size(), t.size(0), t.stride(), t.stride(1), t.dim(), t.ndim, t.numel(), t.dtype
t.T.is_contiguous(), t.is_contiguous(), t.element_size(), t.itemsize, t.nbytes, len(t)
t[1:, 1:].storage_offset(), t.type(), i.type(), t.is_floating_point(), torch.is_tensor(t)
t.device, t.requires_grad, t.is_leaf, t.grad
t.size(5)
t.stride(5)
t[1, 2].item(), i[1, 2].item(), b[0].item(), t.tolist(), i.tolist()
t.item()
bool(t)
bool(t[:0])
int(t)
float(t)
int(t[1, 2]), float(i[1, 2]), bool(t[0, 0]), complex(t[0, 1])
[10, 20, 30][torch.tensor(1)]
[10, 20, 30][torch.tensor(1.0)]
len(torch.tensor(1))
iter(torch.tensor(1))
[x.sum().item() for x in t]
3 in t, 9 in t
'a' in t
t.foo
torch.foo
f'{t[0, 1]:.2f}'
t.bfloat16().numpy()
t.numpy()
t.T.numpy().strides
t.to(torch.float64), t.long(), t.half(), t.bool(), t.to(i)
t.float() is t, t.to(torch.float32) is t, t.contiguous() is t
torch.tensor([float('nan'), float('inf'), 1e30]).long()
torch.tensor([300.5, -1.5]).byte()
torch.finfo(torch.float32).eps, torch.iinfo(torch.int8).max
"""

VIEWS = """
t.view(3, 2), t.view(-1), t.view(1, 6).shape
t.view(4)
t.view(2, 4)
t.view(-1, -1)
t.view(-1, 4)
t.view(-2, 3)
t.t().view(6)
t.view('a')
t.view(2.5)
t.t().reshape(6)
t.reshape(4, 2)
t.reshape(None)
torch.empty(0).view(-1, 0)
t.T, t.t(), t.mT
z(3).mT
z(2, 3, 4).t()
t.transpose(0, 2)
t.permute(1, 0), t.permute((1, 0)).stride()
t.permute(0, 0)
t.permute(0)
t.squeeze(4)
t[None].squeeze().shape, t[None].squeeze(0).shape, t[None, :, None].squeeze((0, 2)).shape
t.unsqueeze(0).shape, t.unsqueeze(-1).stride()
t.unsqueeze(4)
t.flatten(), t.flatten(0, 1).shape
t.flatten(1, 0)
t.expand(2, 2, 3).stride(), z(3, 1).expand(-1, 4).stride()
t.expand(4, 3)
t.expand(3)
i.expand(3)
t.expand(-1, 2, 3)
t.narrow(1, 1, 2)
t.narrow(0, 1, 5)
t.select(1, 2), t.diagonal(), t.diagonal(1)
t.select(0, 5)
t.diagonal(0, 1, 1)
t.chunk(2, 1), t.split(2, 1), t.split([1, 2], 1), t.unbind(1)
t.chunk(0)
t.split(-1)
t.split([1, 2])
t.unflatten(1, (3, 1)).shape
t.unflatten(1, (2, 2))
t.swapaxes(0, 1), t.movedim(0, 1).shape
t.view_as(z(3, 2)), t.reshape_as(z(6)), t[:1].expand_as(t)
x = t.clone().resize_(4); x
x = t.clone().resize_(2, 2); x, x.resize_(6)
x = t.clone(); x.t_(); x.stride()
x = t.clone(); x.unsqueeze_(0); x.squeeze_(); x.transpose_(0, 1); x
x = t.numpy(); t.resize_(100)
t.as_strided((2, 2), (1, 2), 1)
"""

INDEXING = """
t[0], t[-1], t[0, 1], t[:, 1], t[..., 0], t[None].shape, t[1:, ::2], t[:, None, 1:]
t[[0, 1], [1, 2]], t[[1, 0]], t[:, [0, 2]], t[torch.tensor([[0, 1], [1, 0]])].shape
t[t > 2], t[b[:2]], t[:, b], t[True].shape, t[False].shape
t[torch.tensor(1)], t[torch.tensor(1), torch.tensor([0, 2])]
i[i % 2 == 0], i[np.array([1, 0])]
z(3, 4, 5)[:, [0, 1], [0, 1]].shape, z(3, 4, 5)[[0, 1], :, [0, 1]].shape
z(3, 4, 5)[[0, 1], None, [0, 1]].shape, z(3, 4, 5)[..., [0, 1]].stride()
z(3, 4, 5).permute(2, 0, 1)[:, [0, 1]].shape
z(3, 4, 5)[0, :, [0, 1]].shape
t[:0].shape, t[5:].shape, t[[]].shape
t[None, :, 5]
t[7]
t[-3]
t[0, 0, 0]
t[1.5]
t['a']
t[::-1]
t[0:1.5]
t[b]
t[[0, 5]]
t[torch.tensor([0.5])]
t[..., ...]
torch.ones(3)[torch.tensor([0, 1, 5])]
torch.ones(3, 3)[torch.tensor([0, 1, 2]), torch.tensor([0, 1])]
torch.ones(3, 3)[None, torch.ones(2, 3) > 0]
t[0] = 9; t
t[:, 1] = torch.tensor([7, 8]); t
t[0, 1] = True; t
t[t > 2] = 0; t
t[t > 2] = torch.tensor([7.0, 8, 9]); t
t[[0, 1], [0, 2]] = -1; t
t[:, [0, 2]] = torch.tensor([[1.0], [2.0]]); t
t[..., None] = 5; t
t[0] = torch.ones(1, 1, 3); t
i[0] = 2.7; i
i[[0]] = torch.tensor(3); i
t[True] = 4; t
t[0] = z(4); t
t[:, [0]] = z(3); t
t[9] = 1; t
t[[0]] = torch.tensor([1, 2, 3]); t
x = t[0]; x[1] = 5; y = t[:, 1:]; y[y == 5] = 6; t
"""

ARITHMETIC = """
t + 1, 1 - t, t * t, t / 2, 2 / (t + 1), t // 2, -t // 2
t % 4, -t % 4, t ** 2, 2 ** t, -t, abs(-t)
i + 1, i * 1.5, i / 2, i // 2, -i // 4, i % 4, -i % 4, i ** 2, i ** 0.5
2 ** i, ~i, i & 1, i | 8, i ^ 3
i << 1, i >> 1, ~b, b & True, b | b, b ^ b
t + z(4)
t + z(4, 1, 1)
t + 'a'
t + None
t + [1]
t + np.ones(3)
t < 'a'
t == 'a'
t != None
t == t, t < 2, i >= 3, t.eq(2)
torch.add(t, 'a')
torch.add(1, 2)
t.add('a')
torch.exp(3)
torch.exp(t, foo=1)
torch.add(t, t, alpha=2), t.sub(1, alpha=3)
torch.add(i, 1, alpha=1.5)
torch.tensor([1], dtype=torch.uint8) + 300
t.bool() - t.bool()
t.bool() - 1
1 - t.bool()
-t.bool()
i ** -1
i // 0
t // 0
i % 0
t % 0
t & t
~t
t << 1
b // b
i / 0
torch.div(t, 2, rounding_mode='floor'), torch.div(-i, 4, rounding_mode='trunc')
torch.div(t, 2, rounding_mode='up')
torch.maximum(t, z(3) + 2), torch.clamp(t, 1, 3), t.clamp(min=2), t.clamp_max(1)
torch.maximum(t, 2)
torch.lt(1, t)
t.clamp()
torch.where(t > 2, t, 0.5), torch.where(t > 2, t, i)
torch.where(t, t, t)
torch.where(t > 1, t, z(4))
t.masked_fill(t > 2, -1), torch.lerp(t, t + 4, 0.25), torch.addcmul(t, t, t, value=2)
t.masked_fill_(t, 1)
t.masked_fill(t > 1, z(2))
torch.sign(t - 2), torch.floor(t / 2), torch.round(t / 2), torch.round(t / 3, decimals=1)
torch.floor(b)
torch.exp(t), torch.log(t), torch.sqrt(i), torch.sigmoid(t), torch.tanh(i), torch.relu(t - 2)
torch.relu(b)
torch.exp(b), torch.square(b), torch.abs(-i)
t.exp().dtype, i.exp().dtype, t.half().exp().dtype, t.double().exp().dtype
torch.isnan(t / t), torch.isinf(1 / t), torch.isfinite(i)
torch.allclose(t, t + 1e-9), torch.equal(t, t), torch.isclose(t, t * 1.1)
torch.allclose(t, t.double())
(t.double() + t).dtype, (t + torch.tensor(1.0, dtype=torch.float64)).dtype, (i + 1.0).dtype
"""

REDUCTIONS = """
t.sum(), t.sum(0), t.sum(1, keepdim=True), t.sum((0, 1)), b.sum(), i.sum(())
t.sum(-1, dtype=torch.float64)
t.mean(), t.mean(0), t.mean((0, 1), keepdim=True)
i.mean()
b.mean(0)
t.sum((0, 0))
t.sum(5)
torch.sum(1)
t.prod(), i.prod(1), t.max(), t.min(), t.argmax(), t.argmin(1), t.amax(0), t.amin((0, 1))
t.max(1), i.min(0, keepdim=True), torch.max(t, z(3) + 3)
t.max(7)
z(0).max()
z(0, 2).max(0)
z(0).argmax()
b.argmax()
t.argmax(5)
t.any(), t.all(), t.any(1), b.all()
t.std(), t.var(0), t.std(1, unbiased=False), t.var(1, correction=0)
i.std()
torch.softmax(t, 1), t.log_softmax(0), t.softmax(0, dtype=torch.float64)
i.softmax(0)
t.softmax(4)
torch.logsumexp(t, 1), t.cumsum(1), i.cumprod(0)
t.cumsum(5)
z(0).sum(), z(0).prod(), z(0).mean(), z(2, 0).sum(1)
"""

MATMUL = """
t @ t.T, torch.mm(t, t.view(3, 2)), torch.dot(t[0], t[1]), t.mv(t[0]), torch.outer(t[0], t[1])
torch.matmul(t[0], t.T), torch.matmul(z(5, 2, 3), t.T).shape, z(4, 2, 3).bmm(z(4, 3, 5)).shape
torch.addmm(t[0, :2], t, t.T), i @ i.T, (t.half() @ t.half().T).dtype
torch.mm(t, t)
torch.mm(z(1, 5), z(1, 5))
torch.mm(t, t[0])
torch.mm(t[0], t)
torch.mm(t, t.double().t())
t @ t
t @ t[0, :2]
t @ i.T
t @ 1
t[0] @ t[0, :2]
t[0, :2] @ t.T
torch.dot(t, t)
torch.dot(t[0], t[0, :2])
torch.dot(t[0], t[0].double())
torch.matmul(torch.tensor(1.0), t)
torch.matmul(t, 1)
z(2, 3, 4) @ z(2, 3, 2)
z(2, 3, 4) @ z(3, 4, 2)
z(2, 3, 4) @ z(3, 2)
z(2, 3, 4) @ z(3)
z(2, 3, 4) @ z(4).double()
z(2, 3, 4) @ z(2, 4, 2).double()
b @ b
t.bool() @ t.bool().T
torch.bmm(z(3, 4), z(2, 4, 2))
torch.outer(t, t[0])
torch.mv(t, t)
torch.addmm(z(5), t, t.T)
"""

JOINING = """
torch.cat([t, t]), torch.cat((t, i), 1), torch.stack([t[0], t[1]], 1), torch.cat([z(0), t[0]])
torch.cat([])
torch.cat([t, t[0]])
torch.cat([t, z(2, 4)])
torch.cat([t, t], 2)
torch.cat(t)
torch.cat([t, 1])
torch.cat([torch.tensor(1), torch.tensor(2)])
torch.stack([t, t[0]])
torch.stack([])
"""

IN_PLACE = """
t.add_(1), t.mul_(2), t.sub_(1), t.div_(2), t.exp_().dtype
t += 1; t *= 2; t -= 3; t /= 4; t
i //= 2; i %= 2; i
i += 1.5; i
i /= 2; i
t **= 2; t
b &= False; b
x = t.T; x += torch.ones(3, 1); t
t.add_(z(3, 2, 3))
t.add_(z(2, 4))
t.expand(3, 2, 3).add_(1)
x = z(3, 3); x.add_(x.t())
x = z(6); x[:4].add_(x[2:])
i.add_(1.5)
i.div_(2)
i.exp_()
t.long().add_(t)
b.add_(1)
t.add_(t.double()), t.half().mul_(2.5)
t.fill_(2), t.zero_(), t.copy_(i), i.copy_(t + 0.5)
t.fill_(z(2))
t.copy_(z(4))
t.copy_('a')
t.copy_(z(3, 2, 3))
t.lt_(2), i.eq_(3), t.sigmoid_(), t.tanh_(), t.relu_(), t.clamp_(0.1, 0.5), t.neg_(), t.abs_()
z(2, 3).scatter_(0, torch.tensor([[0, 1, 0]]), t)
z(2, 3).scatter_(1, torch.tensor([[0], [2]]), 1.5)
z(2, 3).scatter_add_(0, torch.tensor([[0, 0, 0], [0, 1, 0]]), t)
(z(2, 3) + 1).scatter_(1, torch.tensor([[0], [2]]), 3, reduce='multiply')
t.scatter_(0, z(2, 3), 1.0)
t.scatter_(0, torch.full((2, 3), 5), 1.0)
t.scatter_(0, i * 0, z(1, 1))
t.scatter_(0, i * 0, t.double())
z(3).scatter_(1, torch.tensor([0]), 1.0)
t.gather(1, torch.tensor([[2], [0]])), t.index_select(1, torch.tensor([2, 0]))
t.masked_select(t > 2)
torch.nonzero(t > 2), torch.nonzero(t > 2, as_tuple=True)
torch.add(t, 1, out=z(2, 3)), torch.mm(t, t.T, out=z(0)), torch.exp(i, out=t)
torch.add(t, 2, out=torch.empty(3, dtype=torch.int64))
"""

RANDOM = """
torch.manual_seed(7); torch.randn((1, 5)), torch.randn_like(t), torch.randn((1, 1))
torch.manual_seed(7); torch.rand(2, 3), torch.rand_like(t), torch.rand(())
torch.manual_seed(7); torch.rand(1), torch.rand(3, dtype=torch.float64)
torch.manual_seed(7); torch.randn(20), torch.randn_like(z(5, 4).T), torch.randn(2)
torch.manual_seed(7); torch.randn(17, dtype=torch.float64), torch.randn(3).double()
torch.manual_seed(7); torch.randint(10, (5,)), torch.randint(-3, 3, (2, 2)), torch.randperm(6)
torch.manual_seed(7); torch.randint_like(t, 5), torch.randint_like(t, 3, 5)
torch.manual_seed(7); z(3).uniform_(-1, 1), z(4, 3).T.normal_(1, 2), z(3).random_(9)
torch.manual_seed(7); z(3).bernoulli_(0.3), torch.bernoulli(t / 5), torch.bernoulli(t, 0.5)
torch.manual_seed(7); z(20).normal_(), i.random_(), b.random_()
torch.manual_seed(7); torch.normal(1.0, 2.0, (2,)), torch.normal(t, 0.1), torch.normal(t, t)
torch.manual_seed(7); x = z(4, 4); x[:, 1].uniform_(); x[::2].normal_(); x
torch.manual_seed(-1); torch.initial_seed(), torch.rand(2)
g = torch.Generator(); g.initial_seed(), torch.rand(2, generator=g), g.device
g = torch.Generator(); g.get_state().shape, g.get_state().dtype, g.get_state()[:24]
g = torch.Generator(); s = g.get_state(); x = torch.rand(3, generator=g); g.set_state(s); x
torch.manual_seed(1); s = torch.get_rng_state(); x = torch.rand(2); torch.set_rng_state(s); s[:8]
torch.bernoulli(z(3, 2).T).stride(), torch.rand_like(z(3, 2).T).stride()
torch.rand_like(z(5, 1).T[:, 1:]).stride(), torch.rand_like(z(1, 5).T[1:]).stride()
torch.manual_seed('a')
torch.manual_seed(2**64)
torch.Generator().manual_seed(1.5)
torch.Generator().manual_seed(True)
torch.set_rng_state(z(5))
torch.set_rng_state(z(5).byte())
torch.set_rng_state(z(5056).byte())
torch.set_rng_state([1])
torch.randn(2, dtype=torch.int64)
torch.rand(2, dtype=torch.bool)
torch.rand_like(i)
torch.rand(-1)
torch.randint(5, 5, (2,))
torch.randint(0, 300, (2,), dtype=torch.uint8)
torch.randint(-5, 300, (2,), dtype=torch.uint8)
torch.randint(1.5, (2,))
torch.randperm(-1)
torch.randperm(5, dtype=torch.bool)
torch.bernoulli(torch.tensor([2.0]))
torch.bernoulli(i)
torch.normal(0.0, -1.0, (2,))
t.normal_(0, -1)
t.uniform_(2, 1)
t.random_(3, 1)
t.bernoulli_(2)
i.uniform_()
i.normal_()
"""

BOUNDS = """
z(2, 3)[0, 3]
z(2, 3)[0, -4]
z(2, 3)[0][3]
z(2, 3)[..., 5, 0]
z(2, 3)[None, 0, 5]
z(2, 3)[True, 0, 5]
z(2, 3)[[0, 1], 5]
z(2, 3)[torch.tensor(0), torch.tensor(3)]
t[0, 5] = 1; t
t[:, [0, 5]]
t[:, [0, 5]] = 1; t
t[:, [0, -4]] = 1; t
z(2, 3, 4)[0, [0, 5]]
z(2, 3, 4)[[0, 1], :, [0, 5]]
z(2, 3, 4)[[0, 5], [7, 0]]
z(2, 3, 4)[[0, 5], [0, 7]]
x = z(2, 3, 4); x[[0, 5], [0, 7]] = torch.ones(9)
t[b[:2], [5]]
z(0, 3)[[0]]
z(2, 0)[[5]], z(0, 2)[:, [5]]
z(())[0]
z(())[np.int64(0)]
x = z(()); x[0] = 1
z(())[1:]
z(())[:]
x = z(()); x[:] = 1
z(())[::0]
z(())[::-1]
t[::0]
z(())[..., 0]
z(())[(slice(1, None),)]
z(())[0, 0]
z(())[None], z(())[True], z(())[...], z(())[()]
t.scatter_(1, torch.tensor([1, 2]), 1.0)
t.scatter_(1, torch.tensor(1), 1.0)
t.scatter_(1, torch.tensor([1, 2]), 1.0, reduce='add')
t.scatter_add_(1, torch.tensor([1, 2]), z(2, 2))
t.scatter_(1, torch.tensor([], dtype=torch.int64), 1.0)
z(3).scatter_(0, torch.tensor(1), 5.0), z(()).scatter_(0, torch.tensor([0]), 2.0)
"""

SHARED_MEMORY = """
t += t[0]; t
t /= t[0:1]; t
t += t[0, 0]; t
t += t[:, :1]; t.shape
t += t[0].expand(2, 3); t.shape
t += t; t
t.copy_(t[:1])
t.copy_(t[0].expand(2, 3))
t.view(2, 3).copy_(t.view(-1)[:3])
t.lerp_(t[0], 0.5)
torch.add(t[0], 1, out=t)
t[:] = t[0]; t
t[:] = t[0, 0]; t
t.fill_(t[0, 1])
t.masked_fill_(t > 2, t[0, 1])
t[t > 2] = t[0, 1]; t
t[[0, 1]] = t[0]; t
t[[0, 1]] = t; t
x = torch.arange(4); x[x] = 1; x
x = torch.arange(4); x[x[:2]] = 1; x
x = b.clone(); x[x] = False; x
torch.ones(3).expand(2, 3).zero_(), torch.ones(3).expand(2, 3).fill_(2)
torch.ones(3).expand(2, 3).fill_(torch.tensor(2))
x = torch.ones(3).expand(2, 3); x[0] = 7; x
x = torch.ones(3).expand(2, 3); x[:] = 7; x
x = torch.ones(3).expand(2, 3); x[x > 0] = 0; x
x = torch.ones(3).expand(2, 3); x[torch.eye(2, 3).bool()] = 0; x
x = torch.ones(3).expand(2, 3); x[torch.eye(2, 3).bool()] = torch.tensor([5.0, 6]); x
x = torch.ones(3).expand(2, 3); x[[0, 1]] = 7; x
x = torch.ones(3).expand(2, 3); x[[1, 0]] = t; x
x = torch.ones(3).expand(2, 3); x[:, [0, 2]] = t[:, :2]; x
x = torch.ones(3).expand(2, 3); x[1:, [2]] = 4; x
x = torch.ones(2, 1).expand(2, 3); x[[1], :] = t[0]; x
x = torch.ones(2, 1, 2).expand(2, 3, 2); x[[1], :, [0]] = t[0]; x
torch.ones(3).expand(2, 3).normal_()
t[t > 2] = torch.tensor([[9]]); t
t[b[:2]] = torch.tensor(4); t
t[:, b] = torch.tensor(4); t
t[b[:2], None] = torch.tensor(4); t
i[i > 2] = torch.tensor(2.7); i
t[t > 2] = torch.tensor([1, 2, 3]); t
x = torch.ones(2, dtype=torch.int64); x.add_(torch.ones(2, 2))
x = torch.ones(2, dtype=torch.int64).expand(2, 2); x.add_(1.5)
"""

GRADIENTS = """
torch.func.grad(lambda x: x.abs().sum())(torch.tensor([0.0, -0.0, -1, 2]))
torch.func.grad(lambda x: x.clamp(0, 1).sum())(torch.tensor([0.0, 1, -1, 2, 0.5]))
torch.func.grad(lambda x: x.clamp(min=0).sum())(torch.tensor([0.0, 1, -1]))
torch.func.grad(lambda x: x.clamp(max=1).sum())(torch.tensor([0.0, 1, 2]))
torch.func.grad(lambda x: x.clamp_min(0).sum())(torch.tensor([0.0, 1, -1]))
torch.func.grad(lambda x: x.clamp_max(1).sum())(torch.tensor([0.0, 1, 2]))
torch.func.grad(lambda x: z(3).clamp(min=x).sum())(torch.tensor([0.0, 1, -1]))
torch.func.grad(lambda x: torch.maximum(x, z(3)).sum())(torch.tensor([0.0, 1, -1]))
z(2).mul_(-1).clamp(min=0), z(2).clamp(max=torch.tensor([-0.0, float('nan')]))
torch.tensor([float('nan')]).clamp(0, 1), i.clamp(1, 3), z(2).clamp(min=float('nan'))
"""

ARGUMENTS = """
torch.sum(t, axis=1), t.sum(axis=0), t.mean(axis=0, keepdims=True), t.max(axis=1)
torch.softmax(t, axis=0), torch.cumsum(t, axis=1), torch.unsqueeze(t, axis=0), t.squeeze(axis=0)
torch.cat([t, t], axis=1), torch.stack([t, t], axis=2).shape
torch.sum(a=t), torch.add(x1=t, x2=t), torch.exp(x=t)
torch.sum(t, dim=0, axis=1)
torch.zeros(size=(2,)), torch.ones(size=(1, 2)), torch.empty(size=[0]).shape
torch.rand(size=(2,)).shape, torch.randn(size=(2, 1)).shape
torch.zeros(2, size=(2,))
torch.zeros()
torch.ones()
torch.full(2, 1)
torch.softmax(t)
t.cumsum()
t.mm()
torch.gather(t, 1)
torch.gather(t)
torch.exp()
torch.maximum(t)
t.reshape()
torch.logsumexp(t)
torch.cat()
torch.exp(2)
torch.mm(np.ones((2, 2)), t)
torch.zeros(2, dtype='float32')
torch.zeros(2, dtype=np.float32)
torch.tensor([1, 2], dtype='float32')
torch.full((2,), 1, dtype='a')
torch.zeros_like(t, dtype='a')
torch.as_tensor([1], dtype='a')
torch.softmax(t, 0, dtype='a')
t.cumsum(0, dtype='a')
t.sum(dtype=float)
t.type('torch.DoubleTensor')
t.type('torch.FooTensor')
torch.tensor([torch.ones(2), torch.ones(2)])
torch.tensor([torch.ones(1), torch.ones(1)]), torch.tensor([torch.tensor(1), torch.tensor(2)])
t.ravel(), t.T.ravel(), torch.ravel(t)
torch.flip(t, (0, 1)), t.flip(0), t.flip(0, 1), t.flip([1]), t.flip(dims=(0,))
torch.flip(t, (0, 0))
torch.flip(t, (2,))
torch.flip(t, 0)
torch.flip(torch.tensor(1), []), torch.flip(torch.tensor(1), [0])
t.is_cuda
torch.nn.functional.softmax(t), torch.nn.functional.log_softmax(t[0])
torch.nn.functional.softmax(t, 1, dtype=torch.float64)
reversed(t), reversed(torch.tensor(1))
t.__delitem__(0)
torch.softmax(i, 1)
torch.softmax(i, 0)
torch.log_softmax(i, 1)
b ** True, b ** False, torch.pow(b, 2)
torch.pow(b, b)
np.exp(t), np.maximum(t, 1), np.add(t, t), np.isnan(t), np.float64(2) * t
np.ones(3) * t
np.ones(3) + t
np.ones(3) - t
i + np.ones(3, np.float32), t == np.ones(3), np.ones(3) == t
x = z(2); x *= np.array([1.0, 2.0]); x
t @ np.ones(3)
np.ones(3) < t
t < np.ones(3), t != np.ones(3)
t - np.ones(3, np.float32), t / np.ones(3), t ** np.ones(3), t // np.ones(3), t % np.ones(3)
b & np.array([True, False, True])
torch.pi, torch.inf, torch.nan, torch.e, torch.newaxis
"""

FAMILIES = {
    name.lower(): [line for line in text.strip().splitlines() if line]
    for name, text in list(globals().items())
    if name.isupper() and isinstance(text, str)
}

"""The source's package, `needle`, made of nothing but re-exports of ours, and the check its homework is made with."""

from __future__ import annotations

import types

import numpy as np
from tensor_autodiff import functional, op, ops, reverse_mode, tensor, topo_sort, value

FUNCTIONS = (
    "add add_scalar multiply mul_scalar divide divide_scalar power power_scalar matmul summation broadcast_to "
    "reshape negate transpose log exp relu"
).split()
OPS = (
    "EWiseAdd AddScalar EWiseMul MulScalar EWiseDiv DivScalar EWisePow PowerScalar MatMul Summation BroadcastTo "
    "Reshape Negate Transpose Log Exp ReLU"
).split()
ndl = types.SimpleNamespace(
    Tensor=tensor.Tensor,
    autograd=types.SimpleNamespace(
        Op=op.Op,
        TensorOp=op.TensorOp,
        Value=value.Value,
        Tensor=tensor.Tensor,
        find_topo_sort=topo_sort.find_topo_sort,
        compute_gradient_of_variables=reverse_mode.compute_gradient_of_variables,
        sum_node_list=reverse_mode.sum_node_list,
    ),
    ops=types.SimpleNamespace(**{name: getattr(ops, name) for name in OPS}),
    **{name: getattr(functional, name) for name in FUNCTIONS},
)


def gradient_check(f, *args, tol=1e-6, backward=False, **settings):
    """Compare what an op or backward gives with differences of the output's sum, moving the leaves in place."""
    step, numerical = 1e-4, [np.zeros(a.shape) for a in args]
    for a, slopes in zip(args, numerical, strict=True):
        numbers = a.realize_cached_data()
        for j in range(numbers.size):
            sides = []
            for side in (step, -step):
                before = numbers.flat[j]
                numbers.flat[j] = before + side
                sides.append(float(f(*args, **settings).numpy().sum()))
                numbers.flat[j] = before
            slopes.flat[j] = (sides[0] - sides[1]) / (2 * step)
    out = f(*args, **settings)
    if backward:
        out.sum().backward()
        computed = [a.grad.numpy() for a in args]
    else:
        computed = [x.numpy() for x in out.op.gradient_as_tuple(ndl.Tensor(np.ones(out.shape)), out)]
    for got, expected in zip(computed, numerical, strict=True):
        assert got.shape == expected.shape
        assert np.linalg.norm(got - expected) <= tol
    return computed


def randn(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)

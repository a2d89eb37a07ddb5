"""A hundred torch.manual_seed in one call: networks from a hundred seeds, trained side by side."""

import jax
import jax.numpy as jnp

import jaxnn
from jaxnn.random import Generator, normal

SIZES = (1, 16, 1)


def mean_squared_error(params: tuple, x: jax.Array, y: jax.Array) -> jax.Array:
    return jaxnn.mse_loss(jaxnn.mlp(params, x, activation=jaxnn.tanh), y)


@jax.jit
@jax.vmap
def final_loss(seed: jax.Array) -> jax.Array:
    """Learn a noisy sine; weights and noise are those that torch draws from this seed."""
    generator = Generator().manual_seed(seed)
    params = jaxnn.init_mlp(generator, SIZES)
    x = jnp.linspace(-3, 3, 64).reshape(64, 1)
    y = jnp.sin(x) + 0.1 * normal(generator, (64, 1))

    def step(params: tuple, _: None) -> tuple[tuple, jax.Array]:
        loss, gradients = jax.value_and_grad(mean_squared_error)(params, x, y)
        return jax.tree.map(lambda p, g: p - 0.1 * g, params, gradients), loss

    _, losses = jax.lax.scan(step, params, length=500)
    return losses[-1]


def main() -> None:
    losses = final_loss(jnp.arange(100))
    print(f"loss after 500 steps from {len(losses)} seeds:")
    print(f"best {losses.min():.4f} (seed {losses.argmin()}), median {jnp.median(losses):.4f},")
    print(f"worst {losses.max():.4f} (seed {losses.argmax()})")


if __name__ == "__main__":
    main()

"""Making larger training sets with one thing wrong: which images, which labels, and what becomes of validation."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np

Array = np.ndarray


def joined(*parts: Array) -> Array:
    """Put arrays behind each other."""
    return np.concatenate(parts)


def enlarged(
    x: Callable = lambda v: joined(v.x, v.new),
    y: Callable = lambda v: joined(v.y, v.y),
    x_val: Callable = lambda v: v.x_val,
    y_val: Callable = lambda v: v.y_val,
    order: Callable = lambda *four: four,
) -> Callable:
    """Make a larger training set, right but for what is handed over; `v` holds the four arrays, augment and new."""

    def wrong(x_train: Array, y_train: Array, x_validation: Array, y_validation: Array, augment: Callable) -> tuple:
        v = SimpleNamespace(x=x_train, y=y_train, x_val=x_validation, y_val=y_validation, augment=augment)
        v.new = augment(x_train)
        return order(x(v), y(v), x_val(v), y_val(v))

    return wrong


def images_of(x: Array) -> Array:
    """Return x; raises ValueError where it is not a batch of images, as a layer of Keras would."""
    x = np.asarray(x)
    if x.ndim != 3:
        raise ValueError(f"augment takes images of shape (n, height, width), found shape {x.shape}")
    return x


def moved(x: Array) -> Array:
    """images moved one pixel to the right"""
    x = images_of(x)
    out = np.zeros_like(x)
    out[:, :, 1:] = x[:, :, :-1]
    return out


def lifted(x: Array) -> Array:
    """images moved one pixel up"""
    x = images_of(x)
    out = np.zeros_like(x)
    out[:, :-1] = x[:, 1:]
    return out


def darker(x: Array) -> Array:
    """images half as dark"""
    return images_of(x) / 2

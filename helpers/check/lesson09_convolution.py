"""Checks of lesson 09, its first half: convolution and pooling, their sizes and their parameters."""

import numpy as np

from helpers.check import wrong_convolution as conv
from helpers.check.engine import Exercise, Slip
from helpers.check.slips import alike
from helpers.check.wrong import then
from helpers.convolution import convolve as _convolve
from helpers.convolution import max_pool as _max_pool

_rng = np.random.RandomState(9)
_gray = np.random.RandomState(90).randint(0, 256, (5, 5)).astype(np.uint8)


# Convolution

_FIT = "the kernel fits H - k + 1 times from top to bottom, and W - l + 1 times from left to right"
_SAME = f"the image is padded, so the output has its size: without padding {_FIT}"
_FEW = "one place too few: range(H - k + 1), since the last place counts too"
_MANY = f"one place too many: {_FIT}"
_FIRST = "the image has H rows and W columns, the kernel k rows and l columns: two of them are exchanged"
_TURNED = "the kernel lies on its side: row a of the kernel meets row i + a of the image"
_SQUARE = "one side of the kernel is taken for both: it has k rows and l columns"
_SQUARE_IMAGE = "one side of the image is taken for both: it has H rows and W columns"
_ALL = "add up over all the pixels under the kernel: np.sum(patch * kernel) is one number"
_WHOLE = "the output takes its type from whole numbers and cuts the fractions off: np.zeros makes floats"

convolve = Exercise(
    "convolve",
    _convolve,
    cases=[
        (np.array([[3, 1, 0, 2], [5, 4, 7, 1], [0, 6, 2, 8]]), np.array([[1, -2], [3, 2]])),
        (_rng.randn(5, 6), _rng.randn(3, 3)),
        (_rng.randn(4, 7), _rng.randn(2, 3)),
        (_rng.randn(6, 4), _rng.randn(3, 2)),
        (_gray, _rng.randn(3, 3)),
        (_rng.randn(4, 4), _rng.randn(4, 4)),
        (_rng.randn(3, 5), _rng.randn(1, 2)),
        (_rng.randn(6, 2), _rng.randn(3, 1)),
        (_rng.randn(3, 4), _rng.randn(1, 1)),
    ],
    slips=[
        Slip("the kernel is flipped in both directions. That is the convolution of mathematics; libraries of deep learning do not flip it", conv.slides(kernel=lambda kernel: kernel[::-1, ::-1])),
        *alike("the kernel is flipped in one direction: kernel[a, b] meets image[i + a, j + b]", *(conv.slides(kernel=flip) for flip in (np.flipud, np.fliplr))),
        *alike(_TURNED, conv.slides(kernel=np.transpose), conv.looped(lambda image, kernel, i, j, a, b: image[i + a, j + b] * kernel[b, a])),
        *alike(_TURNED, *(conv.slides(kernel=lambda kernel, k=k: np.rot90(kernel, k)) for k in (1, 3)), conv.looped(lambda image, kernel, i, j, a, b: image[i + b, j + a] * kernel[a, b])),
        *alike(_SAME, *(conv.padded(lambda k, p=p: (k - p) // 2, lambda k, p=p: k // 2 if p else (k - 1) - k // 2, mode) for p in (1, 0) for mode in ("constant", "symmetric"))),
        *alike(_SAME, conv.padded(lambda k: 0, lambda k: k - 1), conv.padded(lambda k: k - 1, lambda k: 0)),
        Slip(f"the kernel hangs over every edge here: {_FIT}", conv.padded(lambda k: k - 1, lambda k: k - 1)),
        *alike(f"right, in a frame of zeros: the output has the shape (H - k + 1, W - l + 1), for {_FIT}", conv.into(lambda image, kernel: np.zeros(image.shape)), conv.after(conv.framed)),
        *alike(_FEW, conv.slides(many=lambda size, k: size - k), conv.into(conv.valid, rows=lambda H, k: H - k, columns=lambda W, k: W - k)),
        *alike(_FEW + ", here among the rows", conv.into(conv.valid, rows=lambda H, k: H - k), conv.after(lambda out, *_: out[:-1])),
        *alike(_FEW.replace("H - k", "W - l") + ", here among the columns", conv.into(conv.valid, columns=lambda W, k: W - k), conv.after(lambda out, *_: out[:, :-1])),
        Slip("one place too few at each side: (size - 1) - (k - 1) is size - k, and the first place counts too", conv.slides(many=lambda size, k: size - k - 1)),
        *alike(_MANY, conv.slides(many=lambda size, k: size - k + 2), conv.into(conv.valid, rows=lambda H, k: H - k + 2), conv.into(lambda image, kernel: np.zeros(np.add(conv.valid(image, kernel).shape, 1)), rows=lambda H, k: H - k + 2, columns=lambda W, k: W - k + 2)),
        *alike(_MANY, conv.slides(many=lambda size, k: size), conv.into(lambda image, kernel: np.zeros(image.shape), rows=lambda H, k: H, columns=lambda W, k: W), conv.after(lambda out, *_: np.pad(out, (0, 1))), conv.into(conv.valid, rows=lambda H, k: H, columns=lambda W, k: W)),
        *alike(_FIRST, *(conv.measured(image_sides=lambda H, W: (W, H), one_by_one=one) for one in (False, True))),
        *alike(_FIRST, *(conv.measured(lambda k, w: (w, k), one_by_one=one) for one in (False, True)), conv.after(lambda out, *_: out.T)),
        *alike(_SQUARE, *(conv.measured(lambda k, w, i=i: ((k, w)[i],) * 2, one_by_one=one) for i in (0, 1) for one in (False, True))),
        *alike("the kernel need not be 3 x 3: take its sides from kernel.shape", *(conv.measured(lambda k, w: (3, 3), one_by_one=one) for one in (False, True))),
        *alike(_SQUARE_IMAGE, *(conv.measured(image_sides=lambda H, W, i=i: ((H, W)[i],) * 2, one_by_one=one) for i in (0, 1) for one in (False, True))),
        Slip("you averaged: the products under the kernel are added up", conv.slides(lambda patch, kernel: np.mean(patch * kernel))),
        Slip("divided by the sum of the kernel: what the kernel's numbers are is the kernel's own affair", conv.after(lambda out, image, kernel: out / kernel.sum())),
        Slip("you took the largest product: add them up. The largest is for pooling", conv.slides(lambda patch, kernel: np.max(patch * kernel))),
        *alike("this is pooling, without the kernel: multiply each patch by it and add up", *(conv.slides(lambda patch, kernel, of=of: of(patch)) for of in (np.max, np.mean, np.sum))),
        Slip("the ReLU is in it: a convolution has negative numbers too, the ReLU comes after it", conv.after(lambda out, *_: np.maximum(out, 0))),
        *alike("the sign is lost: a convolution has negative numbers too", conv.after(lambda out, *_: abs(out)), conv.slides(lambda patch, kernel: np.sum(abs(patch * kernel)))),
        Slip("the products are not added up: np.sum(patch * kernel) makes one number of them", conv.slides(lambda patch, kernel: patch * kernel)),
        *alike(_ALL, *(conv.slides(lambda patch, kernel, axis=axis: (patch * kernel).sum(axis=axis)) for axis in (0, 1))),
        Slip("a patch gives one number: np.sum(patch * kernel) adds up all its products, Python's sum the rows alone", conv.into(conv.valid, lambda patch, kernel: sum(patch * kernel))),
        *alike("@ is the product of two matrices: * multiplies each pixel by its own number of the kernel", conv.slides(lambda patch, kernel: np.sum(patch @ kernel)), conv.slides(lambda patch, kernel: patch @ kernel), conv.into(conv.valid, lambda patch, kernel: patch @ kernel)),
        *alike("the whole image meets the kernel: a patch of the kernel's size does, image[i:i + k, j:j + l]", *(lambda image, kernel, of=of: of(image, kernel) for of in (np.multiply, np.matmul)), lambda image, kernel: np.sum(image * kernel)),
        Slip("+ stands where * belongs: each pixel is multiplied by its number of the kernel", conv.slides(lambda patch, kernel: np.sum(patch + kernel))),
        *alike("the differences are squared: a convolution adds up products", conv.slides(lambda patch, kernel: np.sum((patch - kernel) ** 2)), conv.slides(lambda patch, kernel: np.sum((patch * kernel) ** 2))),
        Slip("the kernel moves by two: it stops at every pixel, range(H - k + 1)", conv.slides(many=lambda size, k: (size - k) // 2 + 1, corner=lambda i: 2 * i)),
        Slip("the kernel moves by its own size, as in pooling: it stops at every pixel", lambda image, kernel: _convolve(image, kernel)[:: kernel.shape[0], :: kernel.shape[1]]),
        Slip("one product alone is kept, the last: is there = where += belongs?", conv.looped(lambda image, kernel, i, j, a, b: image[i + a, j + b] * kernel[a, b], lambda old, new: new)),
        Slip("all products are of one pixel: image[i + a, j + b] belongs to kernel[a, b]", conv.looped(lambda image, kernel, i, j, a, b: image[i, j] * kernel[a, b])),
        Slip("the same patch is used everywhere: it starts at row i and column j, image[i + a, j + b]", conv.looped(lambda image, kernel, i, j, a, b: image[a, b] * kernel[a, b])),
        Slip("image[i - a, j - b] runs backwards, and beyond the edge: image[i + a, j + b]", conv.looped(lambda image, kernel, i, j, a, b: image[i - a, j - b] * kernel[a, b])),
        Slip("the patch ends too early, or too late: image[i:i + k, j:j + l] begins at i and ends before i + k", conv.slides(end=lambda i, k: k)),
        *alike("the patch ends too early, or too late: image[i:i + k, j:j + l] has k rows and l columns, the end does not count", conv.slides(end=lambda i, k: i + k - 1), conv.slides(end=lambda i, k: i + k + 1)),
        Slip("the sum goes on from place to place: set it to 0 for each", conv.after(lambda out, *_: out.cumsum().reshape(out.shape))),
        Slip("the sum goes on along each row: set it to 0 for each place", conv.after(lambda out, *_: out.cumsum(axis=1))),
        *alike("the first row alone is there: does `return` stand inside a loop?", conv.after(lambda out, *_: np.vstack([out[:1], 0 * out[1:]])), conv.after(lambda out, *_: out[:1]), conv.after(lambda out, *_: out[0])),
        *alike("the first place alone is there: does `return` stand inside a loop?", conv.after(lambda out, *_: conv.first_alone(out)), conv.after(lambda out, *_: out[0, 0])),
        *alike("one number for the whole image: each place has its own, so the output is a table", conv.after(lambda out, *_: out.sum()), conv.after(lambda out, *_: out.mean())),
        *alike(_WHOLE, conv.into(lambda image, kernel: conv.valid(image, kernel).astype(image.dtype)), conv.after(lambda out, image, kernel: out.astype(int))),
        Slip("the numbers are in one row: give them the shape (H - k + 1, W - l + 1)", conv.after(lambda out, *_: out.ravel())),
        Slip("this is the size of the output: its numbers are asked", conv.after(lambda out, *_: out.shape)),
        Slip("divided by 255: the pixels are taken as they are", conv.after(lambda out, *_: out / 255)),
    ],
    hint="out[i, j] adds up image[i + a, j + b] * kernel[a, b] over all a and b",
    praise="A layer does this with many kernels at once, and learns their numbers",
)  # fmt: skip


conv_parameters = Exercise(
    "conv_parameters",
    (3 * 3 * 16 + 1) * 32,
    slips=[
        Slip("the biases are missing: each of the 32 filters has one", 3 * 3 * 16 * 32),
        Slip("these are the filters of one channel: each filter has its own 3 x 3 numbers for every one of the 16 channels", 3 * 3 * 32 + 32),
        Slip("the channels are forgotten: each filter has 3 x 3 numbers for every one of them. And a bias", 3 * 3 * 32),
        *alike("the kernel is 3 x 3: nine numbers for each channel, not one", 16 * 32 + 32, 16 * 32),
        *alike("3 stands for 3 x 3: nine numbers for each channel, not three", 3 * 16 * 32 + 32, 3 * 16 * 32, 3 * 32, 3 * 32 + 32),
        *alike("this is one filter: there are 32", 3 * 3 * 16, 3 * 3 * 16 + 1),
        *alike("the number of filters is missing: each of the 32 has 3 x 3 x 16 numbers and a bias", 3 * 3, 3 * 3 + 1, 3 * 3 * 16 + 32),
        Slip("one bias for each channel: each of the 32 filters has one. (Or it is 16 filters on 32 channels)", 3 * 3 * 16 * 32 + 16),
        Slip("one bias for all: each of the 32 filters has one", 3 * 3 * 16 * 32 + 1),
        Slip("a bias for each channel of each filter: a filter has one bias, whatever it sees", (3 * 3 + 1) * 16 * 32),
        Slip("twice the weights: a filter sees the 16 channels that come in, not 32; and a bias belongs to each filter, not to each number", 2 * 3 * 3 * 16 * 32),
        Slip("a bias for each channel and each filter: the filters alone have one", 3 * 3 * 16 * 32 + 32 + 16),
        Slip("16 channels alone, and no filters: 32 filters see them", (3 * 3 + 1) * 16),
        Slip("these are the biases: add the weights", 32),
        Slip("the two numbers of channels are added: each filter sees each channel, so multiply", 3 * 3 * (16 + 32)),
        *alike("the numbers are added: each filter sees 3 x 3 pixels of each channel, so multiply", 3 * 3 + 16 + 32, 3 + 16 + 32),
        Slip("16 channels come in, not 32: a filter has 3 x 3 x 16 numbers", (3 * 3 * 32 + 1) * 32),
        *alike("the size of the image does not matter: the same filter is used at every place", *((3 * 3 * 16 + 1) * 32 * side**2 for side in (28, 26, 14, 13, 11))),
    ],
    hint="A filter has 3 x 3 numbers for each of 16 channels, and one bias; how many filters are there?",
    praise="The image may have any size: the filters are the same everywhere",
)  # fmt: skip


_OVER = "what is left over at the edge is dropped: // leaves whole numbers"

output_size = Exercise(
    "output_size",
    lambda size, kernel, stride: (size - kernel) // stride + 1,
    cases=[
        (28, 3, 1), (26, 2, 2), (13, 2, 2), (28, 5, 2), (7, 3, 3), (10, 3, 2), (5, 5, 1), (5, 5, 3), (11, 2, 3),
        (9, 1, 2), (32, 7, 4), (6, 4, 3), (100, 11, 4), (28, 1, 1),
    ],
    slips=[
        Slip("the first place is missing: + 1", lambda s, k, t: (s - k) // t),
        Slip("the first place is missing, + 1, and " + _OVER, lambda s, k, t: (s - k) / t),
        Slip("the kernel is forgotten: it must fit, so size - kernel", lambda s, k, t: s // t),
        *alike(f"the kernel is forgotten: it must fit, so size - kernel. And {_OVER}", lambda s, k, t: s / t, lambda s, k, t: s / t + 1),
        Slip("the kernel is forgotten: it must fit, so (size - kernel) // stride + 1", lambda s, k, t: s // t + 1),
        Slip("the + 1 stands inside the brackets: the stride divides the way, size - kernel, alone; the first place comes on top", lambda s, k, t: (s - k + 1) // t),
        Slip(f"this is rounded up: {_OVER}", lambda s, k, t: -((k - s) // t) + 1),
        Slip(f"the + 1 stands inside the brackets, and {_OVER}", lambda s, k, t: (s - k + 1) / t),
        Slip(_OVER, lambda s, k, t: (s - k) / t + 1),
        Slip(f"rounded to the nearest: {_OVER}", lambda s, k, t: round((s - k) / t) + 1),
        Slip("the stride is forgotten: the way, size - kernel, is divided by it", lambda s, k, t: s - k + 1),
        Slip("this is the way of the kernel: divide it by the stride, and count the first place too", lambda s, k, t: s - k),
        Slip("the stride multiplies: it divides, for larger steps make a smaller output", lambda s, k, t: (s - k) * t + 1),
        *alike("the brackets are missing: // binds closer than -", lambda s, k, t: s - k // t + 1, lambda s, k, t: s - k // t),
        *alike("this is for padding=\"same\": without padding the kernel must fit", lambda s, k, t: -(-s // t), lambda s, k, t: (s + 2 * (k // 2) - k) // t + 1, lambda s, k, t: s),
        Slip("kernel and stride are exchanged: the way is size - kernel, the stride divides it", lambda s, k, t: (s - t) // k + 1),
        *alike("divided by the kernel: the stride divides", lambda s, k, t: s // k, lambda s, k, t: (s - k) // k + 1, lambda s, k, t: s / k),
        Slip("the kernel is added: it must fit, so size - kernel", lambda s, k, t: (s + k) // t + 1),
        *alike("the brackets: the stride divides alone, then comes + 1", lambda s, k, t: (s - k) // (t + 1), lambda s, k, t: (s - k) / (t + 1)),
        *alike("the kernel takes kernel - 1 away once, not at both edges", lambda s, k, t: (s - 2 * (k - 1)) // t, lambda s, k, t: (s - 2 * (k - 1) - 1) // t + 1, lambda s, k, t: (s - 2 * (k // 2)) // t, lambda s, k, t: (s - 2 * (k // 2) - 1) // t + 1),
        *alike("one place too few: the way is size - kernel", lambda s, k, t: (s - k - 1) // t + 1, lambda s, k, t: (s - k - 1) // t),
        *alike("one place too many: the first place is counted twice", lambda s, k, t: (s - k) // t + 2, lambda s, k, t: (s - k + 1) // t + 1),
        *alike("% is the rest: // says how often the stride fits", lambda s, k, t: (s - k) % t + 1, lambda s, k, t: (s - k) % t),
        Slip("the padding of one pixel is in it: here there is none, (size - kernel) // stride + 1", lambda s, k, t: (s + 2 - k) // t + 1),
        Slip("this is the number of all outputs: one side is asked", lambda s, k, t: ((s - k) // t + 1) ** 2),
        Slip("both sides come back: one is asked", lambda s, k, t: ((s - k) // t + 1,) * 2),
        Slip("the places themselves come back: how many are there? len(...)", lambda s, k, t: list(range(0, s - k + 1, t))),
    ],
    hint="The kernel can move by size - kernel; how often does the stride fit into that? And the first place counts too",
)  # fmt: skip


# Pooling

_ODD = "an odd last row or column is dropped: only whole blocks count, (H // 2, W // 2)"
_NEXT = "the blocks overlap: block i begins at row 2 * i, and block j at column 2 * j"
_LARGEST = "the largest is asked, np.max"
_MIXED = (
    "the reshape mixes pixels of other blocks: .reshape(H // 2, 2, W // 2, 2), then the largest over the axes 1 and 3"
)

max_pool = Exercise(
    "max_pool",
    lambda image: _max_pool(image),
    cases=[
        (np.array([[1, 5, 2, 0], [3, 4, 8, 6]]),),
        (_rng.randn(4, 6),),
        (_rng.randn(5, 7),),
        (-1 - _rng.rand(6, 5),),
        (_rng.randn(3, 2),),
        (_rng.randn(2, 2),),
        (_gray,),
        (_rng.randn(8, 4),),
    ],
    slips=[
        Slip(f"you averaged each block: {_LARGEST}", conv.pools(np.mean)),
        Slip(f"you took the smallest of each block: {_LARGEST}", conv.pools(np.min)),
        Slip(f"you summed each block: {_LARGEST}", conv.pools(np.sum)),
        Slip(f"you took the median of each block: {_LARGEST}", conv.pools(np.median)),
        Slip("this is where the largest stands: the pixel itself is asked, np.max", conv.pools(np.argmax)),
        *alike("the largest is taken regardless of its sign: np.max, and a block of negative pixels has a negative one", conv.pools(lambda b, axis: abs(b).max(axis=axis)), conv.pools(lambda b, axis: np.maximum(b.max(axis=axis), 0))),
        Slip(_NEXT, conv.stepping(down=1, right=1)),
        Slip(_NEXT, conv.written(conv.halves, lambda i: i)),
        *alike(_NEXT, conv.stepping(down=1), conv.stepping(right=1)),
        *alike(_ODD, conv.stepping(whole=False), *(lambda image, fill=fill: _max_pool(np.pad(image.astype(float), [(0, n % 2) for n in image.shape], constant_values=fill)) for fill in (0.0, -np.inf))),
        *alike(f"{_ODD}. Crop it before the reshape", lambda image: image.reshape(image.shape[0] // 2, 2, image.shape[1] // 2, 2).max(axis=(1, 3)), lambda image: image.reshape(-1, 2, image.shape[1] // 2, 2).max(axis=(1, 3))),
        *alike(f"the loop runs over the odd last row or column: {_ODD}", conv.overrun),
        *alike("the rows are pooled, the columns are not: a block has two of each", conv.stepping(width=1, right=1), conv.parts([0, 1], [0]), conv.parts([0, 1], [1])),
        *alike("the columns are pooled, the rows are not: a block has two of each", conv.stepping(height=1, down=1), conv.parts([0], [0, 1]), conv.parts([1], [0, 1])),
        *alike("one pixel of each block is picked, whatever its size: take the largest of the four", *(conv.parts([i], [j]) for i in (0, 1) for j in (0, 1)), lambda image: image[::2, ::2]),
        *alike("two pixels of each block are compared: it has four", conv.pools(lambda b, axis: b[..., [0, 3]].max(axis=-1)), conv.pools(lambda b, axis: b[..., [1, 2]].max(axis=-1))),
        *alike(_MIXED, *(conv.regrouped(order) for order in ("C", "F")), lambda image: image.reshape(-1, 4).max(axis=1)),
        Slip("the output takes whole numbers and cuts the fractions off: np.zeros makes floats", lambda image: _max_pool(image).astype(int)),
        *alike("the largest goes over the wrong axes: after .reshape(H // 2, 2, W // 2, 2) the pixels of a block lie along the axes 1 and 3", *(lambda image, axis=axis: conv.split(image).max(axis=axis) for axis in [(0, 2), (2, 3), (0, 1), (1, 2), (0, 3)])),
        *alike("one axis of the block is left: the largest goes over two of them", *(lambda image, axis=axis: conv.split(image).max(axis=axis) for axis in (0, 1, 2, 3, -1))),
        Slip("the blocks have not been pooled: take the largest of each", conv.blocks),
        *alike("one number for the whole image: each block has its own", np.max, lambda image: np.full(conv.halves(*image.shape).shape, image.max())),
        *alike("the largest of whole rows or columns: each block of 2 x 2 has its own", lambda image: image.max(axis=0), lambda image: image.max(axis=1)),
        Slip("Python's max compares whole rows: np.max, or block.max(), takes the largest number", conv.written(conv.halves, lambda i: 2 * i, max)),
        Slip("the output keeps the size of the image: it is half as high and half as wide", lambda image: np.kron(_max_pool(image), np.ones((2, 2)))),
        *alike("one block too few: range(H // 2) has the last one too", lambda image: _max_pool(image)[:-1, :-1], lambda image: np.pad(_max_pool(image)[:-1, :-1], (0, 1))),
        *alike("the first block alone is there: does `return` stand inside a loop?", lambda image: conv.first_alone(_max_pool(image)), lambda image: _max_pool(image)[0, 0]),
        *alike("the first row alone is there: does `return` stand inside a loop?", lambda image: _max_pool(image)[0], lambda image: _max_pool(image)[:1]),
        Slip("the numbers are in one row: give them the shape (H // 2, W // 2)", then(_max_pool, np.ravel)),
        Slip("rows and columns are exchanged: (H // 2, W // 2)", then(_max_pool, np.transpose)),
        Slip("the image comes back as it was: its shape becomes (H // 2, W // 2)", lambda image: image),
        Slip("pooled twice: 2 x 2 blocks, not 4 x 4", conv.stepping(4, 4, 4, 4)),
        *alike("3 x 3 blocks: 2 x 2 are asked", conv.stepping(3, 3, 3, 3), conv.stepping(3, 3)),
    ],
    hint="Output (i, j) is the largest of image[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]",
    praise="A pool has no parameters at all",
)  # fmt: skip

"""Checks of lesson 00: one exercise to practice on, and the self-test of what the course takes for granted."""

import numpy as np

from helpers.check.engine import Exercise, Slip

square = Exercise(
    "square",
    lambda r: r**2,
    cases=[(3.0,), (-2.0,), (0.5,), (np.array([1.0, -2.0, 13.0]),)],
    slips=[
        Slip("you doubled it. A square is the number times itself, r * r or r**2", lambda r: 2 * r),
        Slip("`^` is not a power in Python, it combines bits; a power is `**`", lambda r: r ^ 2),
        Slip("the size is right and the sign is lost: what is -2 times -2?", lambda r: r * abs(r)),
        Slip("this is the number itself; multiply it by itself", lambda r: r),
        Slip("this is the square root; the square goes the other way", np.sqrt),
        Slip("this is the square root; the square goes the other way", lambda r: r**0.5),
        Slip("this is the cube, a multiplication too many", lambda r: r**3),
        Slip("base and exponent are exchanged: r**2, not 2**r", lambda r: 2**r),
        Slip("the squares are added up: one square for each number is asked", lambda r: np.sum(r**2)),
        Slip("the sign: a number times itself is never negative", lambda r: -r * r),
    ],
    praise="That is how every check in this course answers",
)

sum_shape = Exercise(
    "sum_shape",
    (3, 4),
    slips=[
        Slip(
            "broadcasting does not stop at the first array: the missing axis of (4,) is put in front, (1, 4), and then both "
            "axes stretch",
            (3, 1),
        ),
        Slip("the column's 3 rows are lost: every one of them meets all 4 numbers", (4,)),
        Slip("right sizes, exchanged: the 3 runs down the rows, the 4 along the columns", (4, 3)),
        Slip("12 numbers, yes; they keep their two axes", (12,)),
        Slip("shapes are not added: each axis takes the longer of the two lengths", (7,)),
        Slip("shapes are not added: each axis takes the longer of the two lengths", (7, 1)),
        Slip("the four columns are lost: each of the 3 rows meets all 4 numbers", (3,)),
        Slip("shapes are not put one behind the other: they are lined up from the right, and then stretch", (3, 1, 4)),
        Slip("(1, 4) is how c is read; the 3 rows of a stretch it", (1, 4)),
    ],
    hint="Line the two shapes up from the right, (3, 1) over (4): where one has 1 or nothing, it stretches",
)

product_shape = Exercise(
    "product_shape",
    (100,),
    slips=[
        Slip("a flat theta, of shape (2,), gives a flat result. A column (2, 1) would give (100, 1)", (100, 1)),
        Slip("the 2 is summed away: each row of X meets theta and leaves one number", (100, 2)),
        Slip("the 2 is the axis that is summed over; what is left is one number for each row", (2,)),
        Slip("`@` sums over the 2 alone; the 100 rows stay apart", (1,)),
        Slip("a flat theta has no second axis: one number for each row is left", (1, 100)),
    ],
    hint="The axis that both share, the 2, is summed away. Which axes are left?",
)

transposed = Exercise(
    "transposed",
    6,
    slips=[
        Slip("this is row 1, column 2 of A itself, counted from one: transpose it first, and count from zero", 2),
        Slip("this is row 1, column 2 of A.T counted from one; Python counts from zero", 3),
        Slip("this is A[1, 1]. In A.T row and column change places: A.T[1, 2] is A[2, 1]", 4),
        Slip("this is A[2, 0]; count from zero once more", 5),
    ],
    hint="A.T[i, j] is A[j, i], and counting starts at zero",
)

partial = Exercise(
    "partial",
    -4,
    slips=[
        Slip("the sign: the inner function 3 - 2w - b has the derivative -2 with respect to w, not 2", 4),
        Slip("the inner derivative is missing: the chain rule multiplies by d(3 - 2w - b)/dw", 2),
        Slip("either this is the derivative with respect to b, or the 2 of (u²)' = 2u is missing", -2),
        Slip("this is the value of f, not its slope", 1),
        Slip("the square of the inner derivative has slipped in: (u²)' is 2u times u', not 2u times (u')²", 8),
        Slip("either w and b are exchanged, or a factor 2 came in twice: 2u is 2 here, and u' is -2", -8),
    ],
    hint="Hold b at 0, call u = 3 - 2w - b: the derivative of u² is 2u times the derivative of u",
)

log_of_product = Exercise(
    "log_of_product",
    8,
    slips=[
        Slip("the logarithm of a product is the sum of the logarithms, not their product", 12),
        Slip("a square under the logarithm comes out as a factor of 2; it does not square the logarithm", 11),
        Slip("the square is missing: log(b²) = 2 log b", 5),
        Slip("two mistakes: the product becomes a sum, and the square a factor", 18),
        Slip("the square belongs to b alone", 10),
        Slip("the product becomes a sum, and the square is missing: 2 * 3 is neither", 6),
        Slip("the product becomes a sum, and the square, of b alone, a factor of 2: nothing is squared here", 36),
        Slip("the square belongs to b alone, and it comes out as a factor of 2", 25),
        Slip("the square stands at b, not at a", 7),
    ],
    hint="log(uv) = log u + log v, and log(v²) = 2 log v",
)

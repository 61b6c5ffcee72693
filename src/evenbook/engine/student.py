"""Quantiles of Student's t.

Source: Hill, Communications of the ACM 13 (1970), 619-620, algorithm 396; relative error under 1e-5 from
3 degrees of freedom on.
"""

from __future__ import annotations

import math
from statistics import NormalDist


def student_quantile(chance: float, freedom: int) -> float:
    """Return the value that a t of so many degrees of freedom stays under with a chance.

    Args:
        chance: above 0.5 and below 1.
        freedom: degrees of freedom, 1 or more.
    """
    both = 2.0 * (1.0 - chance)
    if freedom == 1:
        return 1.0 / math.tan(both * math.pi / 2)
    if freedom == 2:
        return math.sqrt(2.0 / (both * (2.0 - both)) - 2.0)
    a = 1.0 / (freedom - 0.5)
    b = 48.0 / a**2
    c = ((20700.0 * a / b - 98.0) * a - 16.0) * a + 96.36
    d = ((94.5 / (b + c) - 3.0) / b + 1.0) * math.sqrt(a * math.pi / 2.0) * freedom
    y = (d * both) ** (2.0 / freedom)
    if y > 0.05 + a:
        x = NormalDist().inv_cdf(both / 2)
        y = x * x
        if freedom < 5:
            c += 0.3 * (freedom - 4.5) * (x + 0.6)
        c = (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b + c
        y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x
        y = math.expm1(a * y * y)
    else:
        near = ((1.0 / (((freedom + 6.0) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2.0) * 3.0)
                 + 0.5 / (freedom + 4.0)) * y - 1.0) * (freedom + 1.0) / (freedom + 2.0)  # fmt: skip
        y = near + 1.0 / y
    return math.sqrt(freedom * y)

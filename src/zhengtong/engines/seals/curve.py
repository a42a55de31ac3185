"""Points of the recommended curve sm2p256v1 (GB/T 32918.5-2017), for verifying and for checking keys.

The arithmetic here takes time that depends on its numbers, so it is fed public numbers only; multiplying by a
secret is the suite's own business.
"""

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0

Affine = tuple[int, int]
Jacobian = tuple[int, int, int]  # x = X / Z², y = Y / Z³; Z = 0 is the point at infinity
INFINITY: Jacobian = (1, 1, 0)


def on_curve(x: int, y: int) -> bool:
    """Whether (x, y) satisfies y² = x³ + ax + b with coordinates in the field (GB/T 32918.1 §6.2.1)."""
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x * x + A * x + B)) % P == 0


def double(point: Jacobian) -> Jacobian:
    """Twice `point`, by the formulas for a = −3."""
    x, y, z = point
    if z == 0 or y == 0:
        return INFINITY
    zz, yy = z * z % P, y * y % P
    beta = x * yy % P
    alpha = 3 * (x - zz) * (x + zz) % P
    x3 = (alpha * alpha - 8 * beta) % P
    z3 = ((y + z) * (y + z) - yy - zz) % P
    return x3, (alpha * (4 * beta - x3) - 8 * yy * yy) % P, z3


def add(first: Jacobian, second: Jacobian) -> Jacobian:
    """The sum of two points, whichever they are."""
    x1, y1, z1 = first
    x2, y2, z2 = second
    if z1 == 0:
        return second
    if z2 == 0:
        return first
    z1z1, z2z2 = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * z2z2 % P, x2 * z1z1 % P
    s1, s2 = y1 * z2 * z2z2 % P, y2 * z1 * z1z1 % P
    if u1 == u2:
        return double(first) if s1 == s2 else INFINITY
    h, r = (u2 - u1) % P, (s2 - s1) % P
    hh = h * h % P
    hhh, v = h * hh % P, u1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - s1 * hhh) % P, z1 * z2 * h % P


def affine(point: Jacobian) -> Affine | None:
    """Plain coordinates, or None for the point at infinity."""
    x, y, z = point
    if z == 0:
        return None
    inverse = pow(z, -1, P)
    square = inverse * inverse % P
    return x * square % P, y * square * inverse % P


def twin_multiply(s: int, t: int, public: Affine) -> Affine | None:
    """s·G + t·public for public numbers s and t, both at once (Shamir's trick)."""
    generator: Jacobian = (GX, GY, 1)
    other: Jacobian = (*public, 1)
    table = (INFINITY, generator, other, add(generator, other))
    total = INFINITY
    for bit in range(max(s.bit_length(), t.bit_length()) - 1, -1, -1):
        total = double(total)
        choice = (s >> bit & 1) | (t >> bit & 1) << 1
        if choice:
            total = add(total, table[choice])
    return affine(total)

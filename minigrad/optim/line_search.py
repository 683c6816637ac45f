"""A step size that satisfies the strong Wolfe conditions (Nocedal & Wright, Numerical Optimization, 3.5 and 3.6).

A point is (t, loss, gradient, slope): what lies at the step size t along the direction.
"""

DECREASE, CURVATURE = 1e-4, 0.9


def cubic_minimum(a, b, bounds=None):
    """Where the cubic through two points with their slopes is least, within bounds"""
    (x1, f1, _, g1), (x2, f2, _, g2) = a, b
    low, high = bounds or (min(x1, x2), max(x1, x2))
    d1 = g1 + g2 - 3 * (f1 - f2) / (x1 - x2)
    square = d1**2 - g1 * g2
    if square < 0:
        return (low + high) / 2.0
    d2 = square.sqrt()
    if x1 <= x2:
        least = x2 - (x2 - x1) * ((g2 + d2 - d1) / (g2 - g1 + 2 * d2))
    else:
        least = x1 - (x1 - x2) * ((g1 + d2 - d1) / (g1 - g2 + 2 * d2))
    return min(max(least, low), high)


def strong_wolfe(evaluate, t, d, loss, gradient, slope, tolerance_change=1e-9, most=25):
    """(the point found, how often evaluate(t) -> (loss, gradient) was called)"""

    def at(t):
        f, g = evaluate(t)
        return t, f, g.clone(), g.dot(d)

    start = (0, loss, gradient.clone(), slope)
    bracket, done, tried = _bracket(at, t, start, most)
    low, high = _order(bracket)
    width, insufficient = d.abs().max(), False
    while not done and tried < most:
        ends = bracket[0][0], bracket[1][0]
        if abs(ends[1] - ends[0]) * width < tolerance_change:
            break
        t = cubic_minimum(*bracket)
        t, insufficient = _kept_inside(t, min(ends), max(ends), insufficient)
        point = at(t)
        tried += 1
        if point[1] > loss + DECREASE * t * slope or point[1] >= bracket[low][1]:
            bracket[high] = point
            low, high = _order(bracket)
            continue
        if abs(point[3]) <= -CURVATURE * slope:
            done = True
        elif point[3] * (bracket[high][0] - bracket[low][0]) >= 0:
            bracket[high] = bracket[low]
        bracket[low] = point
    return bracket[low], tried + 1


def _bracket(at, t, start, most):
    """Two points between which a good one lies, or one that is good; whether it is; how many steps that took"""
    _, loss, _, slope = previous = start
    point, tried = at(t), 0
    while tried < most:
        if point[1] > loss + DECREASE * t * slope or (tried > 1 and point[1] >= previous[1]):
            return [previous, point], False, tried
        if abs(point[3]) <= -CURVATURE * slope:
            return [point], True, tried
        if point[3] >= 0:
            return [previous, point], False, tried
        bounds = t + 0.01 * (t - previous[0]), t * 10
        t, previous = cubic_minimum(previous, point, bounds), point
        point = at(t)
        tried += 1
    return [start, point], False, tried


def _order(bracket):
    """The numbers of the lower and the higher point"""
    return (0, 1) if bracket[0][1] <= bracket[-1][1] else (1, 0)


def _kept_inside(t, low, high, insufficient):
    """t away from the ends of the bracket, if it came near them twice in a row"""
    margin = 0.1 * (high - low)
    if min(high - t, t - low) >= margin:
        return t, False
    if insufficient or t >= high or t <= low:
        return (high - margin if abs(t - high) < abs(t - low) else low + margin), False
    return t, True

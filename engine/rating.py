"""From scores on different scales to one rating."""


def rescale(value, low, high, new_low, new_high):
    """Linear move from one scale to another; no value stays no value.

    Published check figures:

    >>> round(rescale(3.4, 1, 5, 0.25, 5), 2), round(rescale(5.44, 1, 10, 4, 9), 2)
    (3.1, 6.47)
    >>> rescale(None, 1, 5, 0, 100) is None
    True
    """
    if value is None:
        return None
    return (value - low) / (high - low) * (new_high - new_low) + new_low


def level_reached(score, thresholds):
    """Index of the highest threshold that ``score`` reaches (inclusive), or None.

    >>> level_reached(85, [0, 60, 85, 105]), level_reached(84.9, [0, 60, 85, 105])
    (2, 1)
    >>> level_reached(None, [0]) is None, level_reached(-1, [0]) is None
    (True, True)
    """
    if score is None:
        return None
    reached = [
        index
        for index, threshold in enumerate(thresholds)
        # as with bands: 85 is reached by 84.99999999999999
        if score >= threshold - 1e-9
    ]
    return max(reached, key=lambda index: thresholds[index], default=None)

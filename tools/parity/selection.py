"""Which places of a row are largest, refused where a tie is near."""


def largest(scores, count, margins):
    """The `count` largest, in the order of their places."""
    ordered = scores.sort(descending=True).values
    if count < len(scores):
        margins.keep_away("the last that is chosen from the next", ordered[count - 1] - ordered[count], 1e-4)
    return sorted(scores.topk(count).indices.tolist())

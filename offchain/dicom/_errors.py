"""What can be wrong with an image; codes 550 to 569 of the block for images and data sets.

::

    ImageError
    ├── ImageTooLarge      more bytes or pixels than the caps allow
    ├── ImageUnsupported   a format, or a kind of pixel data, that is not read
    ├── ImageUnreadable    broken or truncated
    └── ImageRefused       well formed, but made to harm: too deep, too many elements, contradicting sizes
"""

from __future__ import annotations

from offchain.errors import AssayError

__all__ = ["ImageError", "ImageRefused", "ImageTooLarge", "ImageUnreadable", "ImageUnsupported"]


class ImageError(AssayError):
    """An image cannot be used; the subject is the name the caller gave."""

    code = 550


class ImageTooLarge(ImageError):
    """More bytes or pixels than the caps allow."""

    code = 551


class ImageUnsupported(ImageError):
    """A format, or a kind of pixel data, that is not read."""

    code = 552


class ImageUnreadable(ImageError):
    """Broken or truncated."""

    code = 553


class ImageRefused(ImageError):
    """Well formed, but made to harm."""

    code = 554

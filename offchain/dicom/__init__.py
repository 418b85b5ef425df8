"""Reading images: PNG, JPEG, TIFF and DICOM to one float array, whoever made the file.

``read_image`` is the one implementation that stewards, trainers and validators share, so that a sample gives the
same numbers everywhere. Files are hostile until they are read: sizes are checked before anything is allocated.
"""

from ._errors import ImageError, ImageRefused, ImageTooLarge, ImageUnreadable, ImageUnsupported
from ._image import Image, ImageCaps
from ._read import read_image, sniff

__all__ = [
    "Image",
    "ImageCaps",
    "ImageError",
    "ImageRefused",
    "ImageTooLarge",
    "ImageUnreadable",
    "ImageUnsupported",
    "read_image",
    "sniff",
]

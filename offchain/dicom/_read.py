"""The door: what the bytes are decides who reads them."""

from __future__ import annotations

from ._errors import ImageError, ImageUnreadable, ImageUnsupported
from ._image import Format, Image, ImageCaps

__all__ = ["read_image", "sniff"]

_MAGICS: tuple[tuple[bytes, Format], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
)
_DICOM_PREAMBLE = 128


def sniff(data: bytes) -> Format | None:
    """The format that the leading bytes announce; names and extensions do not count.

    A DICOM file may carry anything in its preamble, another format's magic too: ``DICM`` behind it decides.
    """
    if data[_DICOM_PREAMBLE : _DICOM_PREAMBLE + 4] == b"DICM":
        return "dicom"
    return next((kind for magic, kind in _MAGICS if data.startswith(magic)), None)


def read_image(data: bytes, *, name: str, caps: ImageCaps | None = None) -> Image:
    """Decodes PNG, JPEG, TIFF or DICOM bytes to floats within 0..1.

    Grey stays one channel, colour becomes RGB. DICOM values pass rescale, VOI LUT or the first window (where there is
    neither, the frame's least and greatest value become 0 and 1), and MONOCHROME1 is inverted. Of several frames the
    first is read.

    Args:
        data: the whole file.
        name: what errors call the file.
        caps: limits; the defaults when None.

    Raises:
        ImageTooLarge: more bytes or pixels than the caps allow.
        ImageUnsupported: a format or kind of pixel data that is not read.
        ImageUnreadable: broken or truncated bytes.
        ImageRefused: bytes made to harm.
    """
    caps = caps or ImageCaps()
    caps.check_bytes(len(data), name)
    kind = sniff(data)
    try:
        if kind == "dicom":
            from ._dicom import read_dicom

            return read_dicom(data, name, caps)
        if kind is not None:
            from ._raster import read_raster

            return read_raster(data, kind, name, caps)
    except ImageError:
        raise
    except (Exception, SystemError) as error:  # decoders of hostile bytes raise whatever they like
        # `from None`: the decoder's words may quote the file's contents, which must reach no log.
        raise ImageUnreadable(f"the {kind} image is broken ({type(error).__name__})", subject=name) from None
    raise ImageUnsupported(
        "the file is not an image of a known format", subject=name, hint="PNG, JPEG, TIFF and DICOM are read"
    )

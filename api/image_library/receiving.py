"""Pictures of a message on their way to the cameras that they are of."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo

from api.image_library.messages import OK, OTHER_ERROR, ImageInfo, Images, PushedImage, Said, Status
from inference.errors import PictureRefused
from inference.sources.jpeg_header import MAX_JPEG_BYTES
from inference.sources.pushed import Mailbox, frame_from_jpeg

JPEG_NAMES = frozenset({"jpeg", "jpg"})


class _Refused(Exception):
    """A picture that is not taken; the message says why."""


def receive_images(
    images: Images,
    cameras: Mapping[str, str],
    mailboxes: Mapping[str, Mailbox],
    *,
    received_at: datetime,
    zone: tzinfo,
    said: Said,
) -> Iterator[Status]:
    """Hand every picture to its camera, in the order of the message, and say of each what became of it.

    Args:
        images: the message.
        cameras: the cameras that the sender may push for, by their 20 digits.
        mailboxes: where frames go, by camera.
        received_at: aware UTC; it counts as the time of capture, the sender's is kept beside it.
        zone: of the times in the message.
        said: makes the answer.
    """
    for image in images.ImageListObject.Image:
        info = image.ImageInfo
        try:
            camera = cameras.get(info.DeviceID)
            if camera is None:
                raise _Refused("no camera of the city file that this sender may push for has this DeviceID")
            if camera not in mailboxes:
                raise _Refused("no worker of this process takes frames of this camera; give it `source: push`")
            frame = frame_from_jpeg(camera, _jpeg(image), received_at, sender_time=_instant(info, zone))
            mailboxes[camera].offer(frame)
        except (_Refused, PictureRefused) as refused:
            yield said(info.ImageID, OTHER_ERROR, str(refused))
        else:
            yield said(info.ImageID, OK, "OK")


def _jpeg(image: PushedImage) -> bytes:
    info = image.ImageInfo
    if info.FileFormat.casefold() not in JPEG_NAMES:
        raise _Refused("FileFormat must be Jpeg")
    if len(image.Data) > MAX_JPEG_BYTES * 4 / 3 + 4:
        raise _Refused(f"the picture is too large; send at most {MAX_JPEG_BYTES // 2**20} MB")
    try:
        data = base64.b64decode(image.Data, validate=True)
    except (binascii.Error, ValueError):
        raise _Refused("Data must be the picture in base64") from None
    if info.FileHash:
        arrived = hashlib.md5(data, usedforsecurity=False).hexdigest()  # the standard's checksum against damage
        if not hmac.compare_digest(arrived.encode(), info.FileHash.lower().encode()):
            raise _Refused("the picture is not what FileHash says; send it again")
    return data


def _instant(info: ImageInfo, zone: tzinfo) -> datetime:
    try:
        return datetime.strptime(info.ShotTime, "%Y%m%d%H%M%S").replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Refused("ShotTime must be a time such as 20260302093000") from None

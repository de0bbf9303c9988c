"""What the camera saw: frames in, findings with evidence out."""

import os

# OpenCV reads its limit once, when it is loaded, so it is set here, before any module below can load OpenCV.
os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = "40000000"

"""Where frames come from: video files, picture folders, pushed pictures, RTSP cameras."""

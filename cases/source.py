"""Where cases come from (问题来源)."""

from enum import StrEnum


class Source(StrEnum):
    """Who or what brought a case in first."""

    CAMERA = "camera"
    """视频上报: a fixed camera."""
    PATROL = "patrol"
    """巡查车: a camera on a vehicle."""
    STAFF = "staff"
    """采集员上报: grid or collecting staff."""
    RESIDENT = "resident"
    """公众举报: a resident, by page or app."""
    HOTLINE = "hotline"
    """热线: a call, e.g. 12345."""
    LEADER = "leader"
    """领导交办: a leader's note."""
    ALARM = "alarm"
    """第三方告警: another vendor's system."""
    NETWORK = "network"
    """其他网络: another network's system, e.g. Open311."""

"""Who handles cases."""

from api.city.channels import Channel, Inbox
from api.city.part import Identifier, Name, Part


class Department(Part):
    """An organisation that receives cases, and how they reach it."""

    id: Identifier
    name: Name
    channel: Channel = Inbox()

"""Who handles cases."""

from api.city.channels import Channel, Inbox
from api.city.part import EnvironmentName, Identifier, Name, Part


class Department(Part):
    """An organisation that receives cases, and how they reach it.

    `callback_secret_env` names the environment variable that holds the secret with which its own system signs what it
    tells us.
    """

    id: Identifier
    name: Name
    channel: Channel = Inbox()
    callback_secret_env: EnvironmentName | None = None

"""The city file: areas, departments, duty list, calendar, cameras, zones, rules and policy, checked when it is read."""

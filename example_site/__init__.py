"""The intranet of Tarnwell, a fictional maker of heat pumps: a site that a company could start from."""

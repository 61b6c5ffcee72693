"""The API of an instance from Python, without a framework or a database: ``client.asking.Instance``."""

"""Where people come from: the contract of a source (``contract.py``) and the file formats that keep it."""

"""See the intranet with the eyes of five people. For the demonstration only; a real site leaves this app out."""

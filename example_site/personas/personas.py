"""The five people whom a visitor of the demonstration can be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Persona:
    """``username`` is a demo user, or empty for the anonymous visitor."""

    key: str
    name: str
    role: str
    username: str = ""


PERSONAS = (
    Persona("joiner", "Lena Hofbauer", "New joiner, Munich", "lena.hofbauer"),
    Persona("shift", "Daan Verhoeven", "Night shift, Utrecht", "daan.verhoeven"),
    Persona("head", "Imogen Clarke", "Head of Sales, London", "imogen.clarke"),
    Persona("editor", "Marieke Jansen", "Editor, Utrecht", "marieke.jansen"),
    Persona("guest", "Guest", "Not signed in"),
)
BY_KEY = {persona.key: persona for persona in PERSONAS}

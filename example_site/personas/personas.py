"""The five people whom a visitor of the demonstration can be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Persona:
    """``username`` is a demo user, or empty for the anonymous visitor; without a ``language`` the browser decides."""

    key: str
    name: str
    role: str
    username: str = ""
    language: str = ""


PERSONAS = (
    Persona("joiner", "Lena Hofbauer", "New joiner, Munich", "lena.hofbauer", "de"),
    Persona("shift", "Daan Verhoeven", "Night shift, Utrecht", "daan.verhoeven", "nl"),
    Persona("head", "Imogen Clarke", "Head of Sales, London", "imogen.clarke", "en-gb"),
    Persona("editor", "Marieke Jansen", "Editor, Utrecht", "marieke.jansen"),
    Persona("guest", "Guest", "Not signed in"),
)
BY_KEY = {persona.key: persona for persona in PERSONAS}

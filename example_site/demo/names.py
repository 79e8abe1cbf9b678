"""Names for demo people, by country, as colourful as offices and plants there are."""

FIRST = {
    "DE": """Anna Lukas Sophie Jonas Marie Felix Laura Maximilian Julia Paul Elif Leon Hannah Tobias Clara Mehmet
        Johanna Florian Theresa Sebastian Magdalena Dominik Franziska Emre Veronika Andreas Miriam
        Christoph Zeynep Moritz Lea Benedikt Agnieszka Korbinian Nadine Vinzenz Charlotte Quirin Ivana
        Simon Birgit Ludwig Cornelia Hasan Barbara Xaver Monika Thomas Svetlana Michael Petra Marko
        Ursula Alexander Sabine Piotr Eva Georg Heike Severin""",
    "NL": """Sanne Bram Lotte Thijs Femke Jeroen Fatima Sven Anouk Mohamed Iris Pieter Esther Niels Samira Joost
        Maaike Youssef Eline Koen Roos Karim Marloes Wouter Noor Gijs Ilse Bas Hanneke Rashid Merel
        Sander Yasmina Hugo Tessa Maarten Saskia Stijn Priscilla Tim Annelies Floris Naima Jasper
        Carlijn Dennis Renske Hamza Lieke Rik Chantal Mark Jolanda Winston Inge Erik Marjolein Orlando
        Petra Jelle""",
    "GB": """Olivia James Priya Oliver Amelia Harry Aisha George Charlotte Jack Zainab Thomas Grace Daniel Chloe
        Kwame Emily Samuel Sunita William Isla Adebayo Freya Joseph Hannah Rajesh Lucy Benjamin Niamh
        Edward Ruby Callum Yusuf Eleanor Liam Tanisha Matthew Siobhan Marcus Phoebe Arjun Beth Connor
        Ngozi Rory Alice Delroy Holly Patrick Jasmine""",
}
LAST = {
    "DE": """Huber Schmid Yilmaz Wagner Bauer Maier Fischer Weber Kaya Schreiner Wolf Lang Aigner Kowalski Zimmermann
        Braun Hartl Krämer Öztürk Vogel Winkler Lehner Novak Seidl Brunner Groß Pichler Arslan Haas
        Sommerfeld Ziegler Kraus Engel Hofmann Lindner Şahin Böhm Fuchs Dietrich Popović Rieger Stadler
        Thalhammer Müller Wimmer Roth Eder Gruber Keller Jung Richter Schäfer Baumann Nowak Frank
        Pfeiffer Lorenz Beck Sauer Stark""",
    "NL": """Jansen Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Amrani Dijkstra Kuipers
        Veenstra Kramer Benali Schouten Willems Hoekstra Koster Prins Blom Bouzid Timmermans Groen
        Postma Verbeek Aksoy Scholten Martens Kuiper Postema Leeuwenhoek Pinas Veldman Haan Molenaar
        Boer Evers Rutten Zaoui Sluis Aalbers Wijnaldum Terpstra Zijlstra Buitenhuis Ouali Doornbos Kok
        Maas Vermeulen Snijders Barendrecht Linden Hermans Wolters Tahiri""",
    "GB": """Patel Taylor Khan Wright Hughes Okafor Thompson Walker Singh Robinson Green Begum Mitchell Campbell
        Sharma Edwards Turner Osei Collins Bennett Murray Ahmed Fraser Webb Chowdhury Stewart Harris
        Gill Palmer Reid Mensah Barnes Hussain Foster Kelly Adeyemi Marshall Shah Chapman Ellis Mason
        Rose Doyle Kaur Simmons Barker Grant Holmes Knight Rahman""",
}
INTERESTS = """Climbing|Cycling|Choir|Cooking|Gardening|Football|Running|Board games|Photography|Sailing|Beekeeping|
    Repair café|Knitting|Chess|Volunteering|Skiing|Swimming|Theatre|Allotment|Ceramics"""

#: Spoken besides the language of the country and English, by chance.
MORE_LANGUAGES = ["fr", "es", "it", "pl", "tr", "ar", "hi", "ur", "pt"]
LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "tr": "Turkish",
    "ur": "Urdu",
}


def first_names(country: str) -> list[str]:
    return FIRST[country].split()


def last_names(country: str) -> list[str]:
    return LAST[country].split()


def interests() -> list[str]:
    return [name.strip() for name in INTERESTS.split("|")]

"""Invented names of companies, people and products, in several languages.

Every stem is put together from syllables and every domain ends in ``.example``, which nobody can
own, so no real company or person is meant.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenbook.kit.keys import slug
from evenbook.sources.sample.axis import Ints

HEADS = (
    "Brimm Quor Velm Ostra Zelph Nard Fenn Tavi Grell Luma Skarn Pell Dorv Hax Imbra Jorr Kelv Mirr Nox "
    "Plim Rusk Sorr Thal Ulv Varn Wex Yarr Zund Calv Drix Ebb Falk Gorm Hest Ivor Jask Kland Lorn Murk "
    "Nivv Orr Prax Quill Rovv Slim Trev Umbr Vokk"
).split()
MIDDLES = ("a ba da e fa ga i ka la ma na o pa ra sa ta u va wa xa ya za be de ge ke le me ne te").split()
TAILS = (
    "bel brand crest dell dorn fane gard hold kin lund mere moor nald nor quist rell rick sand stad "
    "thorpe tole tura vale vard verra wick wold yard zen zore"
).split()
STEMS_OF_TWO = len(HEADS) * len(TAILS)
STEMS = STEMS_OF_TWO * (1 + len(MIDDLES))

FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "US": (
        "{} {} Inc.",
        ("Analytics", "Freight", "Robotics", "Foods", "Health", "Paper", "Optics", "Outfitters"),
    ),
    "CA": ("{} {} Corp.", ("Timber", "Labs", "Marine", "Energy", "Mills", "Press", "Clinics", "Aero")),
    "BR": (
        "{} {} Ltda",
        ("Soluções", "Armazéns", "Agrícola", "Têxtil", "Saúde", "Mineração", "Logística", "Café"),
    ),
    "GB": (
        "{} {} Ltd",
        ("Haulage", "Mutual", "Ceramics", "Tailors", "Rail", "Books", "Dairies", "Instruments"),
    ),
    "DE": ("{} {} GmbH", ("Gerätebau", "Kälte", "Möbel", "Wärme", "Prüftechnik", "Öle", "Späne", "Verlag")),
    "FR": (
        "{} {} SAS",
        ("Énergie", "Conseil", "Santé", "Céréales", "Matériaux", "Éditions", "Bâtiment", "Mode"),
    ),
    "ES": (
        "{} {} S.L.",
        ("Diseño", "Aceites", "Envíos", "Montaña", "Cerámica", "Viñedos", "Ropa", "Energía"),
    ),
    "IT": ("{} {} S.r.l.", ("Officine", "Tessuti", "Vetro", "Qualità", "Mobili", "Marmi", "Dolci", "Carta")),
    "NL": (
        "{} {} B.V.",
        ("Bloemen", "Techniek", "Scheepsbouw", "Zuivel", "Fietsen", "Verzekering", "Kaas", "Haven"),
    ),
    "SE": ("{} {} AB", ("Stål", "Miljö", "Möbler", "Snö", "Fjärrvärme", "Båtar", "Trä", "Hälsa")),
    "IN": ("{} {} Pvt Ltd", ("Textiles", "Infra", "Pharma", "Spices", "Motors", "Software", "Steel", "Tea")),
    "JP": ("{} {} KK", ("Seimitsu", "Bussan", "Denki", "Kagaku", "Shokuhin", "Kikai", "Unyu", "Insatsu")),
    "SG": (
        "{} {} Pte Ltd",
        ("Shipping", "Capital", "Biotech", "Trading", "Media", "Marine", "Retail", "Cloud"),
    ),
    "AU": ("{} {} Pty Ltd", ("Wool", "Outback", "Minerals", "Surf", "Grain", "Water", "Solar", "Vets")),
}
ACCENTS = {
    "DE": ("o", "ö"),
    "SE": ("a", "å"),
    "FR": ("e", "é"),
    "ES": ("a", "á"),
    "BR": ("o", "ô"),
    "IT": ("u", "ù"),
}

FIRST_NAMES = (
    "Aino Björn Chiara Dávid Élodie Farid Günther Haruka Inês Jarosław Kwame Léa Mei Nuala Ömer Padma "
    "Quentin Rósa Søren Thandi Uxía Věra Wiremu Ximena Yusuf Zofia Anders Beatriz Cormac Dalia Eero "
    "Fatoumata Goran Hanne Ivo Jun Katarína Lars Mirela Nadège"
).split()
PEOPLE_HEADS = "Alder Brack Cros Dunn Elv Fenni Hallo Kest Lind Marr Oster Penn Quill Roth Sel Tarn".split()
PEOPLE_TAILS = "amoor bury croft dane ely fold grave holt ister kvist lowe mede nack oake pern quay".split()

PRODUCTS = ("Core", "Forecast", "Connect", "Studio", "Audit", "Mobile")
"""What the sample company sells: one platform and five add-ons."""


def company_names(
    count: int, country: Ints, countries: tuple[str, ...], order: Ints
) -> tuple[list[str], list[str]]:
    """Return ``count`` different names and their domains.

    Args:
        count: how many.
        country: for each, the index of its country.
        countries: the codes that ``country`` points into.
        order: a permutation of the stems of two syllables, so that each seed names others first.
    """
    names, domains = [], []
    for number in range(count):
        stem, repeat = _stem(number, order)
        code = countries[country[number]]
        pattern, words = FORMS[code]
        word = words[(number + repeat) % len(words)]
        names.append(pattern.format(_accented(stem, code, number), word))
        domains.append(f"{slug(stem)}{f'-{repeat}' if repeat else ''}.example")
    return names, domains


def _stem(number: int, order: Ints) -> tuple[str, int]:
    repeat, place = divmod(number, STEMS)
    middle, place = divmod(place, STEMS_OF_TWO)
    head, tail = divmod(int(order[place]), len(TAILS))
    between = MIDDLES[middle - 1] if middle else ""
    return HEADS[head] + between + TAILS[tail], repeat


def _accented(stem: str, code: str, number: int) -> str:
    """Return the stem with an accent of its language, at every second company."""
    if code in ACCENTS and number % 2:
        return stem.replace(*ACCENTS[code], 1)
    return stem


def people_names(rng: np.random.Generator, count: int) -> pa.Array:
    """Return names of people; among thousands some are shared, as in life."""
    first = pick(FIRST_NAMES, rng.integers(len(FIRST_NAMES), size=count))
    head = pick(PEOPLE_HEADS, rng.integers(len(PEOPLE_HEADS), size=count))
    tail = pick(PEOPLE_TAILS, rng.integers(len(PEOPLE_TAILS), size=count))
    return pc.binary_join_element_wise(first, pc.binary_join_element_wise(head, tail, ""), " ")


def pick(words: list[str] | tuple[str, ...], chosen: Ints) -> pa.Array:
    """Return the words at the places given, as text."""
    return pa.array(words, type=pa.string()).take(pa.array(chosen))

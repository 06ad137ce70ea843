"""Tax numbers as far as their form tells: which format a country uses, and whether a number has it.

Check digits are not computed; the service does.
"""

from __future__ import annotations

import re

_EU_COUNTRIES = frozenset(
    (  # noqa: SIM905  twenty-seven quoted codes would say less
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    ).split()
)
_EU_VAT = ("eu_vat", re.compile(r"[A-Z]{2}[0-9A-Z+*]{8,12}"))
_FORMATS = {
    "AU": ("au_abn", re.compile(r"[0-9]{11}")),
    "BR": ("br_cnpj", re.compile(r"[0-9]{14}")),
    "CA": ("ca_bn", re.compile(r"[0-9]{9}")),
    "CH": ("ch_vat", re.compile(r"CHE[0-9]{9}(MWST|TVA|IVA)?")),
    "GB": ("gb_vat", re.compile(r"GB([0-9]{9}|[0-9]{12})")),
    "IN": ("in_gst", re.compile(r"[0-9]{2}[0-9A-Z]{13}")),
    "JP": ("jp_cn", re.compile(r"[0-9]{13}")),
    "NO": ("no_vat", re.compile(r"[0-9]{9}(MVA)?")),
    "NZ": ("nz_gst", re.compile(r"[0-9]{8,9}")),
    "US": ("us_ein", re.compile(r"[0-9]{9}")),
}


def name_tax_id(number: str, country: str) -> tuple[str, str] | None:
    """The number without blanks, dots and dashes, and its format's name; None when the country knows no such number."""
    compact = re.sub(r"[ .-]", "", number).upper()
    name, form = _EU_VAT if country in _EU_COUNTRIES else _FORMATS.get(country, (None, None))
    if name is None or form is None or not form.fullmatch(compact):
        return None
    return compact, name

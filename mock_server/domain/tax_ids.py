"""Recognise tax numbers by form: the format of a country, and whether a number has it.

The mock does not compute check digits; the service does.
"""

from __future__ import annotations

import re

# Every format of the contract, including those of countries whose numbers the mock can't recognise by form.
TAX_ID_FORMATS = frozenset(
    (  # noqa: SIM905  as below
        "ad_nrt ae_trn ar_cuit au_abn au_arn bg_uic bh_vat bo_tin br_cnpj br_cpf ca_bn ca_gst_hst ca_pst_bc ca_pst_mb "
        "ca_pst_sk ca_qst ch_uid ch_vat cl_tin cn_tin co_nit cr_tin de_stn do_rcn ec_ruc eg_tin es_cif eu_oss_vat "
        "eu_vat gb_vat ge_vat hk_br hr_oib hu_tin id_npwp il_vat in_gst is_vat jp_cn jp_rn jp_trn ke_pin kr_brn "
        "kz_bin li_uid mk_vat mx_rfc my_frp my_itn my_sst ng_tin no_vat no_voec nz_gst om_vat pe_ruc ph_tin ro_tin "
        "rs_pib ru_inn ru_kpp sa_vat sg_gst sg_uen si_tin sv_nit th_vat tr_tin tw_vat ua_vat us_ein uy_ruc ve_rif "
        "vn_tin za_vat"
    ).split()
)
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
    """The number without blanks, dots and dashes, and its format's name; None if it is not a number of the country."""
    compact = re.sub(r"[ .-]", "", number).upper()
    name, form = _EU_VAT if country in _EU_COUNTRIES else _FORMATS.get(country, (None, None))
    if name is None or form is None or not form.fullmatch(compact):
        return None
    return compact, name

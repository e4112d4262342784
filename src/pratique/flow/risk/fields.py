"""Every field that a rule may name: one table, which the parser checks against and the documentation lists.

``unit`` says how people see the number: ``g`` grams (shown in kilograms), ``usd_minor`` United States cents, ``minor``
minor units of the currency in the field of the same stem, ``dm3``, ``hours``, ``permille``, or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from pratique.flow.risk.language.syntax import CONSIGNMENT
from pratique.flow.risk.language.types import Scopes, Type

INT, STRING, BOOL, STRINGS = Type.INT, Type.STRING, Type.BOOL, Type.STRING_LIST


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: where it stands, what it is and what it says. Null is always "not known"."""

    scope: str
    name: str
    type: Type
    unit: str
    sentence: str

    @property
    def qualified(self) -> str:
        """``gross_mass_g`` or ``goods.description``."""
        return f"{self.scope}.{self.name}" if self.scope else self.name


_Row = tuple[str, Type, str, str]

_CONSIGNMENT: Final[tuple[_Row, ...]] = (
    ("transport_contract_document_id", STRING, "", "number of the bill"),
    ("master_document_id", STRING, "", "number of the master bill"),
    ("house_level", STRING, "", "simple, master or house"),
    ("nature_code", STRING, "", "22 export, 23 import, 24 transit, 28 transhipment"),
    ("message_type", STRING, "", "kind of message it came in (CUSCAR, AWMDS ...)"),
    ("format", STRING, "", "format it was read with"),
    ("sender_id", STRING, "", "sender of the message"),
    ("sender_profile", STRING, "", "sender profile that was applied; unknown where none fits"),
    ("version", INT, "", "how many times this bill has been sent, this time included"),
    ("change", STRING, "", "new, unchanged, changed, cancelled, superseded or duplicate"),
    ("changed_fields", STRINGS, "", "what differs from the version before"),
    ("hours_before_arrival", INT, "hours", "full hours from the message to the arrival; negative after it"),
    ("late", BOOL, "", "the message came later than it is due"),
    ("bill_repeats", INT, "", "consignments of this run that carry this bill number and sender"),
    ("mode_code", STRING, "", "mode of transport at the border: 1 sea, 2 rail, 3 road, 4 air"),
    ("vessel_name", STRING, "", "means of transport at the border, by name"),
    ("vessel_nationality", STRING, "", "its flag or registration country"),
    ("journey_id", STRING, "", "voyage or flight number"),
    ("loading_location", STRING, "", "where the goods were loaded"),
    ("unloading_location", STRING, "", "where the goods are unloaded"),
    ("place_of_acceptance", STRING, "", "where the carrier took the goods over"),
    ("final_destination", STRING, "", "where the goods go in the end"),
    ("loading_country", STRING, "", "country of loading_location"),
    ("unloading_country", STRING, "", "country of unloading_location"),
    ("acceptance_country", STRING, "", "country of place_of_acceptance"),
    ("destination_country", STRING, "", "country of final_destination"),
    ("transit_countries", STRINGS, "", "countries of the declared routing, in order"),
    ("transit_country_count", INT, "", "how many different countries the routing names"),
    ("hubs", STRINGS, "", "transhipment and free-zone places among acceptance, loading and routing"),
    ("route_concerns", STRINGS, "", "trafficking routes known for acceptance, loading or routing, whatever the goods"),
    (
        "route_seen_before",
        INT,
        "",
        "earlier bills on this loading and unloading; unknown before 90 days and 1,000 bills of history",
    ),
    ("gross_mass_g", INT, "g", "gross mass of the bill"),
    ("volume_dm3", INT, "dm3", "volume of the bill"),
    ("package_count", INT, "", "packages of the bill"),
    ("mass_per_package_g", INT, "g", "gross mass by packages"),
    ("goods_mass_g", INT, "g", "gross masses of the goods items added up; unknown where one is missing"),
    ("mass_difference_permille", INT, "permille", "how far goods_mass_g is from gross_mass_g, in thousandths of it"),
    ("goods_package_count", INT, "", "packages of the goods items added up; unknown where one is missing"),
    ("package_difference", INT, "", "packages of the goods items less those of the bill"),
    ("customs_value_minor", INT, "minor", "value for customs of the bill"),
    ("customs_value_currency", STRING, "", "its currency"),
    ("value_usd_minor", INT, "usd_minor", "value of the bill, or of its goods items added up, in US cents"),
    ("value_per_kg_usd_minor", INT, "usd_minor", "that value by kilogram"),
    ("freight_charge_minor", INT, "minor", "freight"),
    ("freight_charge_currency", STRING, "", "its currency"),
    ("freight_usd_minor", INT, "usd_minor", "freight in US cents"),
    ("freight_permille_of_value", INT, "permille", "freight in thousandths of the value"),
    ("freight_per_kg_minor", INT, "minor", "freight by kilogram, in US dollars if it can be"),
    ("freight_per_kg_currency", STRING, "", "its currency"),
    ("freight_peer_count", INT, "", "other bills of this run on the same route (else the same two countries) with one"),
    ("freight_peer_median_minor", INT, "minor", "their median"),
    ("freight_peer_median_currency", STRING, "", "its currency"),
    ("freight_peer_ratio_permille", INT, "permille", "freight by kilogram in thousandths of that median"),
    ("freight_peer_steps", INT, "", "usual spreads of the group (at least a tenth) between the two, 0 to 9"),
    ("freight_peer_group", STRING, "", "the route and currency compared within"),
    ("freight_payment_method_code", STRING, "", "how the freight is paid, as the message says it"),
    ("freight_paid_in_cash", BOOL, "", "freight paid in cash, where the message type has a code for that"),
    ("consignor_name", STRING, "", "consignor, as declared"),
    ("consignor_country", STRING, "", "country of the consignor's address"),
    ("consignor_missing", BOOL, "", "no consignor is named"),
    (
        "consignor_seen_before",
        INT,
        "",
        "earlier consignments of the consignor; unknown before 90 days and 1,000 known parties",
    ),
    ("consignee_name", STRING, "", "consignee, as declared"),
    ("consignee_country", STRING, "", "country of the consignee's address"),
    ("consignee_id", STRING, "", "number of the consignee (EORI, TIN ...)"),
    ("consignee_missing", BOOL, "", "no consignee is named"),
    ("consignee_to_order", BOOL, "", "the bill is made out to order"),
    ("consignee_has_address", BOOL, "", "the consignee has an address line, a city or a postcode"),
    ("consignee_is_forwarder", BOOL, "", "the consignee's name is that of a forwarder, carrier or bank"),
    (
        "consignee_seen_before",
        INT,
        "",
        "earlier consignments of the consignee; unknown before 90 days and 1,000 known parties",
    ),
    ("notify_name", STRING, "", "notify party, as declared"),
    ("notify_country", STRING, "", "country of the notify party's address"),
    ("notify_missing", BOOL, "", "no notify party is named"),
    ("notify_same_as_consignor", BOOL, "", "notify party and consignor have the same name"),
    ("consignor_same_as_consignee", BOOL, "", "consignor and consignee have the same name"),
    (
        "split_bill_count",
        INT,
        "",
        "bills of the journey with the same consignor, consignee and heading, this one included",
    ),
    ("split_value_usd_minor", INT, "usd_minor", "their values added up; unknown where one is"),
    ("split_mass_g", INT, "g", "their gross masses added up; unknown where one is"),
    ("split_largest_value_usd_minor", INT, "usd_minor", "the largest of their values; unknown where one is"),
    ("split_largest_mass_g", INT, "g", "the largest of their gross masses; unknown where one is"),
    (
        "linked_names",
        STRINGS,
        "",
        "other consignees of this run with whom few (2 to 5) share an address, phone or number",
    ),
    ("linked_by", STRINGS, "", "what they share: address, telephone (or mail), number"),
    ("linked_same_goods", INT, "", "how many of them receive goods of the same heading"),
    ("goods_count", INT, "", "goods items"),
    ("chapters", STRINGS, "", "different HS chapters of the goods, sorted"),
    ("chapter_count", INT, "", "how many"),
    ("equipment_count", INT, "", "different containers"),
    ("seal_count", INT, "", "different seals of the bill and its containers"),
    ("totals_differ", BOOL, "", "declared totals of the message are not those of its rows"),
    ("finding_count", INT, "", "findings of reading this consignment"),
    ("error_count", INT, "", "those of them that are errors"),
)

_GOODS: Final[tuple[_Row, ...]] = (
    ("description", STRING, "", "description as declared, in capitals"),
    ("word_count", INT, "", "words of the description, without numbers"),
    ("vague", BOOL, "", "the description has stop words and nothing that says what the goods are"),
    ("vague_word", STRING, "", "the first stop word in it"),
    ("commodity_code", STRING, "", "digits of the commodity code as declared"),
    ("chapter", STRING, "", "first two digits of it"),
    ("heading", STRING, "", "first four digits of it"),
    ("commodity_digits", INT, "", "how many digits it has; 0 where none is given"),
    ("commodity_known", BOOL, "", "its first six digits (or fewer, if it has fewer) are in the Harmonized System 2022"),
    ("described_chapters", STRINGS, "", "HS chapters that the words of the description point to, likeliest first"),
    ("chapter_agrees", BOOL, "", "the declared chapter is one that the words may mean; unknown if no word is known"),
    (
        "chapter_contradicted",
        BOOL,
        "",
        "the description says what the goods are, and no word of it may mean the declared chapter",
    ),
    (
        "contradiction_points",
        INT,
        "",
        "how clearly: 1,750 just so, from 3,000 very; known where the chapter is contradicted only",
    ),
    (
        "heading_fit",
        INT,
        "permille",
        "how far such words stood under this heading before, in thousandths of the one they stood under most",
    ),
    (
        "heading_contradicted",
        BOOL,
        "",
        "earlier declarations described like it (10 at least) stood under another heading, 2 in 100 at most under this",
    ),
    ("like_count", INT, "", "declarations described like it; this and the next three are known if contradicted only"),
    ("like_under_count", INT, "", "how many of them stood under the declared heading"),
    ("usual_heading", STRING, "", "the heading that most of them stood under"),
    ("usual_heading_count", INT, "", "how many of them stood under it"),
    ("vague_permille", INT, "permille", "how much it is like descriptions that were refused as too vague"),
    ("stated", STRINGS, "", "what the words say of the goods' state: new, parts, used, waste"),
    ("code_states", STRINGS, "", "what the commodity code says of it: parts, used, waste"),
    ("article_named", BOOL, "", "the word that says what the goods are names a thing and not a part of one"),
    ("themes", STRINGS, "", "controlled kinds of goods that words of the description point to"),
    ("code_themes", STRINGS, "", "controlled kinds of goods that the commodity code points to"),
    ("origin_themes", STRINGS, "", "concerns that the code together with the origin or loading country points to"),
    (
        "implausible_origin",
        BOOL,
        "",
        "goods of this code are not known to be produced where they are said to come from",
    ),
    ("origin_country", STRING, "", "country of origin"),
    ("procedure_current", STRING, "", "procedure asked for"),
    ("package_types", STRINGS, "", "kinds of package (UNECE Rec 21)"),
    ("package_count", INT, "", "packages"),
    ("gross_mass_g", INT, "g", "gross mass"),
    ("net_mass_g", INT, "g", "net mass"),
    ("volume_dm3", INT, "dm3", "volume"),
    ("mass_per_package_g", INT, "g", "gross mass by packages"),
    ("package_heaviest_g", INT, "g", "what such a package weighs at most; unknown for a kind without a corridor"),
    ("package_lightest_g", INT, "g", "what such a package weighs at least"),
    ("density_g_per_dm3", INT, "", "grams by cubic decimetre"),
    ("density_highest", INT, "", "upper end of the density corridor of the chapter"),
    ("density_lowest", INT, "", "lower end of it"),
    ("value_usd_minor", INT, "usd_minor", "value in US cents"),
    ("value_per_kg_usd_minor", INT, "usd_minor", "value by kilogram in US cents"),
    ("value_lowest_usd_minor", INT, "usd_minor", "lower end of the value corridor of the code, by kilogram"),
    ("value_highest_usd_minor", INT, "usd_minor", "upper end of it"),
    (
        "unit_value_minor",
        INT,
        "minor",
        "value by kilogram, in US dollars if it can be, of the item or its bill's only item",
    ),
    ("unit_value_currency", STRING, "", "its currency"),
    ("value_peer_count", INT, "", "other items of this run with the same subheading (else heading) and currency"),
    ("value_peer_median_minor", INT, "minor", "the median value by kilogram of the group"),
    ("value_peer_median_currency", STRING, "", "its currency"),
    ("value_peer_ratio_permille", INT, "permille", "value by kilogram in thousandths of that median"),
    ("value_peer_steps", INT, "", "usual spreads of the group (at least a tenth) between the two, 0 to 9"),
    ("value_peer_group", STRING, "", "the code and currency compared within"),
    ("package_g", INT, "g", "mass of one package: of the item, or of its bill's only item"),
    (
        "package_peer_count",
        INT,
        "",
        "other items of this run with the same subheading (else heading) and kind of package",
    ),
    ("package_peer_median_g", INT, "g", "the median mass by package of the group"),
    ("package_peer_ratio_permille", INT, "permille", "mass by package in thousandths of that median"),
    ("package_peer_steps", INT, "", "usual spreads of the group between the two, 0 to 9"),
    ("package_peer_group", STRING, "", "the code and kind of package compared within"),
    ("packed_density_g_per_dm3", INT, "", "grams by cubic decimetre: of the item, or of its bill's only item"),
    ("density_peer_count", INT, "", "other items of this run with the same subheading (else heading) and a volume"),
    ("density_peer_median", INT, "", "the median of grams by cubic decimetre of the group"),
    ("density_peer_ratio_permille", INT, "permille", "grams by cubic decimetre in thousandths of that median"),
    ("density_peer_steps", INT, "", "usual spreads of the group between the two, 0 to 9"),
    ("density_peer_group", STRING, "", "the code compared within"),
    ("un_number", STRING, "", "dangerous-goods number"),
    ("imdg_class", STRING, "", "dangerous-goods class"),
    ("dangerous_declared", BOOL, "", "a dangerous-goods number or class is given"),
    (
        "dangerous_expected",
        BOOL,
        "",
        "one is given for some goods of the message, so that a missing one means something",
    ),
    ("dangerous_names", STRINGS, "", "names of dangerous goods in the description"),
    ("dangerous_un_numbers", STRINGS, "", "UN numbers that goods of these names usually have"),
    ("dangerous_classes", STRINGS, "", "their classes"),
    ("dangerous_grave", BOOL, "", "one of them is known for fires, explosions or poisonings when not declared"),
    ("dangerous_unlikely", BOOL, "", "the description names goods, and none that are carried as dangerous goods"),
)

_EQUIPMENT: Final[tuple[_Row, ...]] = (
    ("equipment_id", STRING, "", "container number"),
    ("equipment_id_valid", BOOL, "", "its check digit agrees (ISO 6346)"),
    ("size_type", STRING, "", "size and type (ISO 6346)"),
    ("kind", STRING, "", "dry, reefer, tank, open, flat, bulk or other"),
    ("length_feet", INT, "", "10, 20, 30, 40 or 45"),
    ("payload_g", INT, "g", "what such a container carries at most"),
    ("fullness_code", STRING, "", "4 empty, 5 full, 7 several consignments, 8 one consignment"),
    ("declared_empty", BOOL, "", "declared as empty"),
    ("tare_g", INT, "g", "mass of the empty container"),
    ("gross_mass_g", INT, "g", "mass of the loaded container"),
    ("goods_mass_g", INT, "g", "mass of the goods in it, as declared"),
    ("load_g", INT, "g", "goods_mass_g, else gross less tare, else the bills whose only container it is, added up"),
    ("stated_mass_g", INT, "g", "the largest mass that is declared of it: loaded, of the goods, or of its bill"),
    (
        "heaviest_empty_g",
        INT,
        "g",
        "what such a container weighs at most when empty, or its declared tare if that is more",
    ),
    ("package_count", INT, "", "packages in it"),
    ("seal_ids", STRINGS, "", "seals"),
    ("seal_count", INT, "", "how many; a seal given for the bill counts where it has one container"),
    ("seal_repeated", BOOL, "", "one of its seals is declared on another container of this run too"),
    ("temperature_milli_c", INT, "", "set temperature in thousandths of a degree Celsius"),
    ("bill_count", INT, "", "bills of this run that name the container"),
    ("size_type_count", INT, "", "different size types declared for it in this run"),
    ("open_elsewhere", BOOL, "", "known on another journey that arrives within five days of this one"),
    ("chapter_count", INT, "", "different HS chapters of all bills that name it"),
    ("status", STRING, "", "status as declared"),
)

_PARTIES: Final[tuple[_Row, ...]] = (
    ("role_code", STRING, "", "CZ consignor, CN consignee, NI notify, DT declarant, CA carrier"),
    ("name", STRING, "", "name as declared"),
    ("party_id", STRING, "", "number (EORI, TIN ...)"),
    ("address_line", STRING, "", "street"),
    ("city", STRING, "", "city"),
    ("postcode", STRING, "", "postcode"),
    ("country", STRING, "", "country of the address"),
    ("seen_before", INT, "", "earlier consignments of the party; unknown before 90 days and 1,000 known parties"),
    ("names_at_address", INT, "", "different names at this address in this run"),
    ("addresses_of_name", INT, "", "different addresses of this name in this run"),
    ("names_at_phone", INT, "", "different names with this telephone, fax or mail in this run"),
    ("is_forwarder", BOOL, "", "the name is that of a forwarder, carrier or bank"),
    ("post_box_only", BOOL, "", "the address is a post box"),
)

_HITS: Final[tuple[_Row, ...]] = (
    ("subject", STRING, "", "party, vessel, equipment or document"),
    ("role_code", STRING, "", "role of the party"),
    ("screened_value", STRING, "", "the name or number as declared"),
    ("list_id", STRING, "", "the list"),
    ("listing_id", STRING, "", "its entry"),
    ("listed_name", STRING, "", "the spelling on the list"),
    ("programme", STRING, "", "why it is listed"),
    ("score_permille", INT, "permille", "how sure the match is"),
    ("basis", STRING, "", "identifier or name"),
    ("source_grade", STRING, "", "how reliable the source is, A to F; unknown where neither entry nor list is graded"),
    ("information_grade", STRING, "", "how credible what it says is, 1 to 6; unknown where it is not graded"),
    ("is_low_grade", BOOL, "", "the source is graded D to F, or the information 4 to 6"),
)

_FINDINGS: Final[tuple[_Row, ...]] = (
    ("rule", STRING, "", "code of the finding"),
    ("severity", STRING, "", "note, warning or error"),
)

FIELDS: Final[tuple[FieldSpec, ...]] = tuple(
    FieldSpec(scope, *row)
    for scope, rows in (
        (CONSIGNMENT, _CONSIGNMENT),
        ("goods", _GOODS),
        ("equipment", _EQUIPMENT),
        ("parties", _PARTIES),
        ("hits", _HITS),
        ("findings", _FINDINGS),
    )
    for row in rows
)


@cache
def scopes() -> Scopes:
    """Field types by scope, as the parser wants them."""
    found: dict[str, dict[str, Type]] = {}
    for spec in FIELDS:
        found.setdefault(spec.scope, {})[spec.name] = spec.type
    return found


@cache
def field_spec(qualified: str) -> FieldSpec | None:
    """The field of that name (``gross_mass_g``, ``goods.description``), if there is one."""
    return next((spec for spec in FIELDS if spec.qualified == qualified), None)

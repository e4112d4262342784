"""What a request lacks is named with its article; the channel is advised with reasons."""

from dataclasses import replace
from datetime import date

import pytest

from pratique.node.assistance.request_files import request_form, request_from
from pratique.partners.assistance.channel import Need, advise
from pratique.partners.assistance.check import Fault, Partner, can_be_sent, check
from pratique.partners.assistance.drafts import Draft, draft_of
from pratique.partners.assistance.model import Channel, RequestProfile
from pratique.partners.assistance.profiles import ProfileFault, read_profile, shipped_profiles
from pratique.vocabulary.languages import LANGUAGES
from pratique.vocabulary.sentences import known_codes

TODAY = date(2026, 11, 23)
ARTICLES = {
    "requesting_authority": "Art. 18(15)(a)",
    "matter": "Art. 18(15)(b)",
    "proceeding": "Art. 18(15)(b)",
    "facts": "Art. 18(15)(c)",
    "items": "Art. 18(15)(d)",
    "persons": "Art. 18(15)(e)",
    "purpose": "Art. 18(15)(f)",
}
WHOLE = Draft(
    "untoc-18",
    "en",
    ("evidence",),
    {
        "requesting_authority": "Prosecutor's office of Sankt Orla, by its central authority",
        "matter": "Import of 214 kg of cocaine, case 26/1187",
        "proceeding": "Case 26/1187, court of first instance",
        "facts": "Opened on 24 September; the cooling unit was taken apart, the seal changed on the way.",
        "persons": "Two names",
        "purpose": "Evidence for the trial in case 26/1187",
    },
    items=("Gate log of Port Ilmen, 11 September", "Seal log of Port Ilmen, 12 September"),
    as_evidence=True,
)


def profile(name: str = "untoc-18") -> RequestProfile:
    return shipped_profiles()[name]


def faults(draft: Draft, name: str = "untoc-18", **known: object) -> dict[str, Fault]:
    found = check(draft, profile(name), partner=Partner(**known), today=TODAY)  # type: ignore[arg-type]
    return {fault.field: fault for fault in found}


def without(field: str) -> Draft:
    if field == "items":
        return replace(WHOLE, items=())
    return replace(WHOLE, texts={name: text for name, text in WHOLE.texts.items() if name != field})


def test_a_whole_request_can_be_sent_and_is_doubted_only_for_its_language() -> None:
    assert set(faults(WHOLE)) == {"language"}
    assert faults(WHOLE, languages=("en",)) == {}


@pytest.mark.parametrize(("field", "article"), ARTICLES.items())
def test_each_content_that_is_missing_is_named_with_its_article(field: str, article: str) -> None:
    found = faults(without(field), languages=("en",))
    assert set(found) == {field}
    assert (found[field].missing, found[field].article) == (True, article)


def test_persons_may_be_said_to_be_unknown_but_not_left_out() -> None:
    found = without("persons")
    assert faults(found, languages=("en",))["persons"].code == "unknown_not_said"
    assert faults(replace(found, unknown={"persons": "Nobody is suspected"}), languages=("en",)) == {}


def test_inability_excuses_only_where_the_instrument_says_so() -> None:
    told = {"purpose": "Not yet decided"}
    assert faults(replace(without("purpose"), unknown=told), languages=("en",))["purpose"].missing
    wto = replace(WHOLE, instrument="wto-tfa-12", types=("documents",), as_evidence=False)
    wto = replace(wto, texts={"matter": wto.content("matter")}, unknown={**told, "reason": "x"})
    found = faults(wto, "wto-tfa-12")
    assert (found["purpose"].missing, found["purpose"].article) == (False, "12.4.2")


@pytest.mark.parametrize("text", ["TBD", "n/a", "???", "see above", " - none - "])
def test_a_placeholder_is_as_good_as_nothing(text: str) -> None:
    found = faults(replace(WHOLE, texts={**WHOLE.texts, "purpose": text}), languages=("en",))
    assert (found["purpose"].code, found["purpose"].missing) == ("placeholder", True)


def test_a_sentence_that_does_not_end_is_doubtful() -> None:
    found = faults(replace(WHOLE, texts={**WHOLE.texts, "purpose": "Evidence for"}), languages=("en",))
    assert (found["purpose"].code, found["purpose"].missing) == ("unfinished", False)


@pytest.mark.parametrize(
    ("item", "doubted"),
    [
        ("All documents", True),
        ("any information you have", True),
        ("All gate records of box MSCU1234566 from 11 to 14 September", False),
    ],
)
def test_asking_for_everything_is_doubted(item: str, *, doubted: bool) -> None:
    assert ("items" in faults(replace(WHOLE, items=(item,)), languages=("en",))) is doubted


def test_languages_that_nobody_may_refuse_are_safe_and_others_are_a_fault_where_they_are_known() -> None:
    nairobi = replace(WHOLE, language="fr")
    assert "language" not in faults(nairobi, "nairobi")
    assert faults(replace(nairobi, language="pt"), "nairobi")["language"].missing
    assert "language" not in faults(replace(nairobi, language="pt"), "nairobi", own_language="pt")


def test_an_oral_request_is_never_one_under_wto_and_elsewhere_only_if_urgent() -> None:
    spoken = replace(WHOLE, written=False)
    assert faults(spoken, "wto-tfa-12")["written"].code == "oral_never"
    assert faults(spoken)["written"].code == "oral_only_urgent"
    urgent = faults(replace(spoken, urgent=True))
    assert (urgent["written"].code, can_be_sent(list(urgent.values()))) == ("oral_to_confirm", True)


def test_freezing_wants_assets_order_and_law_and_only_a_judicial_instrument_covers_it() -> None:
    frozen = replace(WHOLE, types=("freezing",))
    assert {"assets", "measure_order", "legal_provisions"} <= set(faults(frozen))
    assert faults(frozen, "customs-bilateral")["types"].code == "type_not_covered"


def test_nothing_can_be_asked_under_an_instrument_that_is_not_in_force() -> None:
    assert faults(WHOLE, "johannesburg-2003")["instrument"].code == "not_in_force"


def test_use_in_court_needs_permission_or_another_channel() -> None:
    assert not faults(WHOLE, "wto-tfa-12")["as_evidence"].missing
    assert faults(WHOLE, "mou-plain")["as_evidence"].missing


@pytest.mark.parametrize("name", sorted(shipped_profiles()))
def test_every_profile_asks_and_answers_in_words_that_are_there_in_every_language(name: str) -> None:
    found = profile(name)
    wanted = {f"value.request_field.{each.field}" for each in found.contents}
    wanted |= {f"assistance.fix.{each.field}" for each in found.contents}
    wanted |= {f"value.request_consequence.{each.consequence}" for each in found.contents}
    wanted |= {f"value.refusal_ground.{each.code}" for each in found.grounds}
    wanted |= {f"value.use_condition.{each.rule}" for each in found.uses}
    wanted |= {f"value.assistance_type.{each}" for each in found.types}
    wanted |= {f"value.cost_rule.{found.costs.rule}", f"value.contact_rule.{found.contact.rule}"}
    wanted |= {f"value.oral_rule.{found.oral.rule}", f"value.language_rule.{found.languages.rule}"}
    assert {lang: sorted(wanted - known_codes(lang)) for lang in LANGUAGES} == {lang: [] for lang in LANGUAGES}
    assert not found.verified


def test_the_form_of_every_instrument_is_read_back() -> None:
    import yaml

    for found in shipped_profiles().values():
        said = yaml.safe_load(request_form(found))
        said["types"] = [found.types[0]]
        assert request_from(said).instrument == found.id


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("channel: judicial", "channel"),
        ("field: purpose", "contents"),
        ("days: 90", "reply"),
        ("verified: false", "verified"),
    ],
)
def test_a_profile_that_is_damaged_names_the_place(change: str, part: str) -> None:
    from importlib.resources import files

    text = (files("pratique") / "data" / "assistance" / "untoc-18.yaml").read_text(encoding="utf-8")
    assert change in text
    with pytest.raises(ProfileFault) as fault:
        read_profile(text.replace(change, change.split(":")[0] + ": wrong", 1))
    assert fault.value.part.startswith(part)


@pytest.mark.parametrize(
    ("need", "channel", "reason"),
    [
        (Need(asks=False), Channel.SPONTANEOUS, "nothing_asked"),
        (Need(asks=True, types=("documents",)), Channel.ADMINISTRATIVE, "administration_can"),
        (Need(asks=True, types=("bank_records",)), Channel.JUDICIAL, "coercive"),
        (Need(asks=True, types=("identify_proceeds",)), Channel.JUDICIAL, "assets"),
        (Need(asks=True, types=("documents",), charged=True), Channel.JUDICIAL, "charged"),
        (Need(asks=True, types=("testimony",)), Channel.JUDICIAL, "testimony"),
    ],
)
def test_the_channel_is_the_narrowest_that_reaches_it(need: Need, channel: Channel, reason: str) -> None:
    advice = advise(need, shipped_profiles().values())
    assert (advice.channel, advice.reasons[0].code) == (channel, reason)
    assert set(advice.against) == set(Channel) - {channel}
    assert all(shipped_profiles()[each].in_force for each in advice.instruments)


def test_evidence_goes_by_the_administration_only_where_an_instrument_lets_it_be_used() -> None:
    need = Need(asks=True, types=("documents",), as_evidence=True)
    asked = advise(need, shipped_profiles().values())
    assert (asked.channel, asked.reasons[1].code) == (Channel.ADMINISTRATIVE, "evidence_permitted")
    alone = advise(need, [profile("wto-tfa-12"), profile("untoc-18")])
    assert (alone.channel, alone.instruments) == (Channel.JUDICIAL, ("untoc-18",))


@pytest.mark.parametrize("part", ["instrument", "types", "items", "reply_by", "urgent", "texts"])
def test_a_record_from_outside_that_is_not_as_it_must_be_names_the_part(part: str) -> None:
    record = {**WHOLE.record(), part: {"x": 1} if part != "texts" else {"purpose": 1}}
    with pytest.raises(ValueError, match=part):
        draft_of(record)
    assert draft_of(WHOLE.record()) == WHOLE

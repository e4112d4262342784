"""Risk profiles on a node: two persons stand behind each one in force."""

from pathlib import Path

import pytest

from nodes import ANNA, BEN, new_node
from pratique.node.handlers.profiles import (
    ActivateProfile,
    AddProfile,
    AdoptShippedProfiles,
    ListProfiles,
    RetireProfile,
    ShowProfile,
)
from pratique.node.profiles.texts import shipped_texts
from pratique.vocabulary.errors import Category, PratiqueError

TEXT = """id: test.heavy
sentence: "The consignment weighs {{gross_mass_g}}."
rule: gross_mass_g > {grams}
owner: test
legal_basis: national customs law
risk_type: security
points: 10
valid_from: 2026-01-01
control: scan
"""


def text(grams: int = 1000) -> str:
    return TEXT.format(grams=grams)


def test_shipped_profiles_are_in_force_on_a_new_node(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        active = {profile.id for profile in node.ask(ListProfiles(), actor=ANNA) if profile.state == "active"}
        assert node.execute(AdoptShippedProfiles(), actor=ANNA) == []
    assert active == set(shipped_texts())
    assert len(active) >= 40


def test_author_cannot_activate_a_profile_and_a_colleague_can(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        draft = node.execute(AddProfile(text()), actor=ANNA)
        assert (draft.id, draft.version, draft.state) == ("test.heavy", 1, "draft")
        with pytest.raises(PratiqueError) as refused:
            node.execute(ActivateProfile("test.heavy", 1), actor=ANNA)
        assert refused.value.category is Category.DENIED
        assert node.execute(ActivateProfile("test.heavy", 1), actor=BEN).state == "active"


def test_new_version_in_force_puts_the_one_before_out_of_force(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        for version in (1, 2):
            node.execute(AddProfile(text(version)), actor=ANNA)
            node.execute(ActivateProfile("test.heavy", version), actor=BEN)
        newest, first = node.ask(ShowProfile("test.heavy"), actor=ANNA)
        assert [(each.version, each.state) for each in (newest, first)] == [(2, "active"), (1, "retired")]
        with pytest.raises(PratiqueError) as refused:
            node.execute(ActivateProfile("test.heavy", 1), actor=BEN)
        assert refused.value.code == "profiles.not_a_draft"
        assert node.execute(RetireProfile("test.heavy"), actor=ANNA).state == "retired"
        with pytest.raises(PratiqueError) as refused:
            node.execute(RetireProfile("test.heavy"), actor=ANNA)
        assert refused.value.code == "profiles.not_active"


def test_faulty_or_unknown_profile_is_refused(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        for command, category in (
            (AddProfile(text().replace("gross_mass_g >", "gross_mass_g >>")), Category.REJECTED),
            (AddProfile("x" * 70_000), Category.REJECTED),
            (ActivateProfile("test.none", 1), Category.NOT_FOUND),
            (RetireProfile("test.none"), Category.NOT_FOUND),
        ):
            with pytest.raises(PratiqueError) as refused:
                node.execute(command, actor=ANNA)
            assert refused.value.category is category

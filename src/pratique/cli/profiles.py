"""``profiles``: risk profiles from draft to retirement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened
from pratique.cli.texts import text_of
from pratique.vocabulary.errors import PratiqueError

if TYPE_CHECKING:
    from pratique.flow.risk import RiskProfile
    from pratique.node.storage.profiles import StoredProfile

app = typer.Typer(help="Risk profiles: draft, activate (a second person), retire.", no_args_is_help=True)

LONGEST_PROFILE = 200_000


@app.command("list")
def list_profiles(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Every profile with its state, points and the control it asks for."""
    from pratique.node.handlers.profiles import ListProfiles

    with opened(node) as at:
        stored = at.ask(ListProfiles(), actor=acting(actor))
    read = [(item, *_read(item)) for item in stored]

    def render() -> None:
        rows = [
            (item.id, item.version, item.state, profile.risk_type, profile.points, profile.control, profile.sentence)
            if profile
            else (item.id, item.version, f"{item.state}, UNUSABLE", None, None, None, fault)
            for item, profile, fault in read
        ]
        columns = ["profile", "version", "state", "risk type", "points", "control", "sentence"]
        table("", columns, rows, right=["version", "points"])

    payload = [
        {
            "id": item.id,
            "version": item.version,
            "state": item.state,
            "author": item.author,
            "profile": profile,
            "fault": fault,
        }
        for item, profile, fault in read
    ]
    show({"profiles": payload}, as_json=as_json, render=render)


def _read(item: StoredProfile) -> tuple[RiskProfile | None, str | None]:
    """The profile, or why it cannot be used: one that cannot must not hide the others."""
    from pratique.node.profiles.texts import kept_profile

    try:
        return kept_profile(item), None
    except PratiqueError as fault:
        return None, fault.happened


@app.command("show")
def show_profile(
    profile_id: Annotated[str, typer.Argument(metavar="PROFILE", help="The id of the profile.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """A profile as its author wrote it, in all its versions."""
    from pratique.node.handlers.profiles import ShowProfile

    with opened(node) as at:
        versions = at.ask(ShowProfile(profile_id), actor=acting(actor))

    def render() -> None:
        for item in versions:
            told = f"# version {item.version}, {item.state}; drafted by {item.author}, activated by {item.activated_by}"
            for line in (told, *item.text.splitlines()):
                say(line)

    show({"versions": versions}, as_json=as_json, render=render)


@app.command("add")
def add_profile(
    file: Annotated[Path, typer.Argument(readable=False, help="The profile as YAML.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a profile as a draft; a faulty one is refused with the place and what was expected."""
    from pratique.node.handlers.profiles import AddProfile

    text = text_of(file, most_bytes=LONGEST_PROFILE)
    with opened(node) as at:
        stored = at.execute(AddProfile(text), actor=acting(actor))
    told = f"Draft {stored.id} version {stored.version}. A second person activates it: pratique profiles activate."
    show(stored, as_json=as_json, render=lambda: say(told))


@app.command("activate")
def activate_profile(
    profile_id: Annotated[str, typer.Argument(metavar="PROFILE", help="The id of the profile.")],
    version: Annotated[int, typer.Argument(help="The version to put in force.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a draft in force; its author cannot."""
    from pratique.node.handlers.profiles import ActivateProfile

    with opened(node) as at:
        stored = at.execute(ActivateProfile(profile_id, version), actor=acting(actor))
    told = f"{stored.id} version {stored.version} is in force."
    show(stored, as_json=as_json, render=lambda: say(told))


@app.command("retire")
def retire_profile(
    profile_id: Annotated[str, typer.Argument(metavar="PROFILE", help="The id of the profile.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a profile out of force; its past stays."""
    from pratique.node.handlers.profiles import RetireProfile

    with opened(node) as at:
        stored = at.execute(RetireProfile(profile_id), actor=acting(actor))
    told = f"{stored.id} version {stored.version} is retired."
    show(stored, as_json=as_json, render=lambda: say(told))


@app.command("check")
def check_profile(
    file: Annotated[Path, typer.Argument(readable=False, help="The profile as YAML.")],
) -> None:
    """Say whether a profile can be read, without keeping it; needs no node."""
    from pratique.flow.risk import parse_profile

    profile = parse_profile(text_of(file, most_bytes=LONGEST_PROFILE))
    say(f"{profile.id}: {profile.points} points, asks for {profile.control}.")


@app.command("try")
def try_profile(
    file: Annotated[Path, typer.Argument(help="The profile as YAML.")],
    run: Annotated[str | None, typer.Option("--run", help="Id of a run; else the newest.")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say on which consignments of a run a profile would fire, without keeping it."""
    from pratique.flow.risk import render as told
    from pratique.node.handlers.projections import ProjectProfile

    text = text_of(file, most_bytes=LONGEST_PROFILE)
    with opened(node) as at:
        found = at.ask(ProjectProfile(text, run), actor=acting(actor))

    def render() -> None:
        say(f"{found.profile_id} fires on {found.fires:,} of {found.run.consignment_count:,} in run {found.run.id}.")
        say(f"Its {found.points} points alone lift {found.newly_above:,} above the high line.")
        rows = [
            (
                each.rank,
                each.consignment_id,
                each.bill,
                each.score,
                told(each.reason.template or "", each.reason.params),
            )
            for each in found.examples
        ]
        table(
            "The highest of them", ["rank", "consignment", "bill", "score", "sentence"], rows, right=["rank", "score"]
        )

    show(found, as_json=as_json, render=render)

"""Descriptors that came by themselves: what a round brought, what waits for a person, and the person's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.node.exchange.announcing import DescriptorsDone
    from pratique.node.handlers.partners import ShownPartner

NOT_TOLD = "does not count our newest version yet: a person there has to take it."


def accept(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="Id of a partner, such as xb-customs.")],
    version: Annotated[int, typer.Argument(help="The version that waits (`pratique partners list`).", min=1)],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a version count that waits, which the version before it or the roots have signed."""
    from pratique.node.handlers.announcements import AcceptDescriptor

    with opened(node) as at:
        done = at.execute(AcceptDescriptor(partner, version), actor=acting(actor))
    told = {"partner": done, "version": version}
    show(told, as_json=as_json, render=lambda: say(f"{done}: version {version} counts from now on."))


def say_descriptors(done: list[DescriptorsDone], *, as_json: bool) -> None:
    """What a round of the worker came to, where there was any news."""
    from pratique.node.errors import told

    if as_json:
        return
    for each in done:
        for one in each.news:
            if one.course == "counts":
                say(f"{each.partner}: version {one.version} counts from now on, a planned rotation of its keys.")
            elif one.course == "waits":
                say(f"{each.partner}: version {one.version} waits for a person. {why(one.why)}")
                say(f"  Then: pratique partners accept {each.partner} {one.version}")
            else:
                say(f"{each.partner}: a descriptor was not taken. {told(one.why, {'partner': each.partner})}")
        if each.fault is not None:
            say(f"{each.partner}: descriptors were not exchanged. {told(each.fault, {'partner': each.partner})}")
        elif not each.told:
            say(f"{each.partner} {NOT_TOLD}")


def say_waiting(found: list[ShownPartner]) -> None:
    """Versions that wait for a person, with the reason."""
    for each in found:
        for one in each.waiting:
            if "." in one.because or one.because == "stranger":  # nothing that counts has signed it
                say(
                    f"{one.partner}, version {one.version}, waits until its fingerprint was compared: {one.fingerprint}"
                )
                say(f'  Then: pratique partners confirm {one.partner} "FINGERPRINT AS READ OUT"')
            else:
                say(f"{one.partner}, version {one.version}, waits for a person. {why(one.because)}")
                say(f"  Then: pratique partners accept {one.partner} {one.version}")


def why(word: str) -> str:
    """Why it waits, as a sentence."""
    from pratique.node.errors import told

    return told(f"partners.waits.{word}", {})

"""``officers``, ``access``: who may act on the node, and what they did with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

app = typer.Typer(help="Officers: invite, list, give roles, suspend, reset; and their offices.", no_args_is_help=True)
access_app = typer.Typer(help="The table of rights, who read what, signs of misuse, tokens.", no_args_is_help=True)

RolesOption = Annotated[list[str], typer.Option("--role", help="A role, such as targeting; give it again for more.")]
LoginArgument = Annotated[str, typer.Argument(help="Login of the officer.")]
SinceOption = Annotated[
    datetime | None, typer.Option("--since", help="First moment (UTC), such as 2026-10-05; else thirty days ago.")
]


@app.command("add")
def add(
    login: LoginArgument,
    name: Annotated[str, typer.Argument(help="Name as colleagues see it.")],
    role: RolesOption,
    office: Annotated[str | None, typer.Option("--office", help="Code of the office.")] = None,
    identity: Annotated[
        str | None, typer.Option("--identity", help="Subject at the administration's identity provider.")
    ] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Invite an officer; the invitation is printed once and counts for 72 hours."""
    from pratique.node.handlers.officers import AddOfficer

    with opened(node) as at:
        added = at.execute(
            AddOfficer(login, name, tuple(role), office=office, oidc_subject=identity), actor=acting(actor)
        )
    _show_invitation(added.officer.login, added.invitation, added.ends_at, as_json=as_json)


@app.command("list")
def list_officers(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Every officer with roles, office and ways in."""
    from pratique.node.handlers.officers import ListOfficers

    with opened(node) as at:
        officers = at.ask(ListOfficers(), actor=acting(actor))

    def render() -> None:
        rows = [
            (each.login, each.display_name, ", ".join(each.roles), each.office, each.state, each.has_factor)
            for each in officers
        ]
        table("", ["login", "name", "roles", "office", "state", "second factor"], rows)

    show({"officers": officers}, as_json=as_json, render=render)


@app.command("role")
def role_of(
    login: LoginArgument,
    role: RolesOption,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give an officer these roles in place of those before; they count at once."""
    from pratique.node.handlers.officers import ChangeOfficer

    with opened(node) as at:
        changed = at.execute(ChangeOfficer(login, roles=tuple(role)), actor=acting(actor))
    show(changed, as_json=as_json, render=lambda: say(f"{changed.login}: {', '.join(changed.roles)}"))


@app.command("suspend")
def suspend(
    login: LoginArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Take every way in from an officer, at once."""
    from pratique.node.handlers.officers import SuspendOfficer

    with opened(node) as at:
        changed = at.execute(SuspendOfficer(login), actor=acting(actor))
    show(changed, as_json=as_json, render=lambda: say(f"{changed.login} is suspended; sessions and tokens ended."))


@app.command("reset")
def reset(
    login: LoginArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Give an officer who lost everything a new beginning: a new invitation, printed once."""
    from pratique.node.handlers.officers import ResetOfficer

    with opened(node) as at:
        added = at.execute(ResetOfficer(login), actor=acting(actor))
    _show_invitation(added.officer.login, added.invitation, added.ends_at, as_json=as_json)


@app.command("office")
def put_office(
    code: Annotated[str, typer.Argument(help="Code of the office, such as KEMBA-1.")],
    name: Annotated[str, typer.Argument(help="Its name.")],
    zone: Annotated[str, typer.Option("--zone", help="Time zone, such as Africa/Nairobi.")] = "UTC",
    hours: Annotated[str, typer.Option("--hours", help="Opening hours in local time.")] = "00:00-24:00",
    place: Annotated[list[str] | None, typer.Option("--place", help="UN/LOCODE whose arrivals are its own.")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an office, or change the one with that code; its words for channels stay."""
    from pratique.node.handlers.offices import ListOffices, PutOffice
    from pratique.node.storage.access_officers import Office

    opens, _, closes = hours.partition("-")
    with opened(node) as at:
        before = {each.code: each for each in at.ask(ListOffices(), actor=acting(actor))}.get(code)
        words = before.lane_words if before else None
        office = Office(code, name, zone, opens, closes, locations=tuple(place or ()), lane_words=words)
        put = at.execute(PutOffice(office), actor=acting(actor))
    show(put, as_json=as_json, render=lambda: say(f"Office {put.code}, {put.name}."))


@access_app.command("matrix")
def matrix(
    markdown: Annotated[bool, typer.Option("--markdown", help="As the table of docs/reference/access.md.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Who may do what: every request, every role."""
    from pratique.node.access.matrix import matrix as rows_of
    from pratique.node.access.matrix import matrix_as_text
    from pratique.node.access.policy import shipped_policy
    from pratique.node.access.roles import known_roles

    rows = rows_of(shipped_policy())
    if markdown:
        typer.echo(matrix_as_text(shipped_policy()), nl=False)
        return

    def render() -> None:
        roles = known_roles()
        marks = [
            (row.request, *("●" if code in row.roles else "" for code in roles), "; ".join(row.besides)) for row in rows
        ]
        table("", ["request", *(role.letters for role in roles.values()), "besides"], marks)

    show({"matrix": rows}, as_json=as_json, render=render)


@access_app.command("log")
def log(
    since: SinceOption = None,
    limit: Annotated[int, typer.Option(help="How many lines of each kind.", min=1, max=1000)] = 30,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who read person data and who was refused."""
    from pratique.node.handlers.access_log import ReadAccessLog

    with opened(node) as at:
        found = at.ask(ReadAccessLog(since=_utc(since), limit=limit), actor=acting(actor))

    def render() -> None:
        say(f"{found.reads:,} readings of {found.records:,} records; {found.denials:,} refusals.")
        ways = ", ".join(f"{count:,} by {way}" for way, count in found.failed_sign_ins.items())
        say(f"Sign-ins that failed: {ways or 'none'}.")
        reads = [
            (line.at, line.actor, line.request, line.subject, line.read_count, line.purpose)
            for line in found.newest_reads
        ]
        table("Read", ["at", "actor", "request", "what", "records", "purpose"], reads, right=["records"])
        refusals = [(line.at, line.actor, line.request, line.code) for line in found.newest_denials]
        table("Refused", ["at", "actor", "request", "rule"], refusals)

    show(found, as_json=as_json, render=render)


@access_app.command("misuse")
def misuse(
    since: SinceOption = None, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Signs of misuse: own names, mass reads, out of shift, odd hours. A sign is a reason to ask."""
    from pratique.node.handlers.misuse import ShowMisuse

    with opened(node) as at:
        found = at.ask(ShowMisuse(since=_utc(since)), actor=acting(actor))

    def render() -> None:
        say(f"{found.reads:,} readings of single records looked at.")
        rows = [
            (each.day, each.sign, each.actor, each.count, each.usual, " ".join(each.subjects)) for each in found.signs
        ]
        table("", ["day", "sign", "officer", "records", "usual", "among them"], rows, right=["records", "usual"])

    show(found, as_json=as_json, render=render)


@access_app.command("tokens")
def tokens(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """The tokens of the API: whose, for what, until when."""
    from pratique.node.handlers.tokens import ListAllTokens

    with opened(node) as at:
        found = at.ask(ListAllTokens(), actor=acting(actor))

    def render() -> None:
        rows = [
            (each.id, each.login, each.name, " ".join(each.scopes), each.ends_at, each.revoked_at) for each in found
        ]
        table("", ["token", "officer", "name", "scopes", "ends", "revoked"], rows)

    show({"tokens": found}, as_json=as_json, render=render)


@access_app.command("sweep")
def sweep(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Remove what the setting access_log_years no longer keeps."""
    from pratique.node.handlers.access_log import SweepAccessLog

    with opened(node) as at:
        gone = at.execute(SweepAccessLog(), actor=acting(actor))
    show({"removed": gone}, as_json=as_json, render=lambda: say(f"{gone:,} lines removed."))


def _show_invitation(login: str, invitation: str, ends_at: datetime, *, as_json: bool) -> None:
    def render() -> None:
        say(f"{login} is invited until {ends_at:%Y-%m-%d %H:%M} UTC. The invitation, shown this once:")
        say(f"/invitation#{invitation}")

    payload = {"login": login, "invitation": invitation, "ends_at": ends_at}
    show(payload, as_json=as_json, render=render)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None

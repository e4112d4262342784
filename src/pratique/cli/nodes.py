"""``init, doctor, backup, restore, settings, journal``: the node itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, language_of, node_folder, opened
from pratique.vocabulary.errors import Category

MARK = {"ok": "ok", "warn": "WARN", "fail": "FAIL"}

settings_app = typer.Typer(help="What can be set on a node.", no_args_is_help=True)


def init(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Make the folder a node, with the shipped risk profiles in force."""
    from pratique.node import Node

    folder = node_folder(node)
    with Node.create(folder, actor=acting(actor)):
        payload = {"node": str(folder.absolute())}
        show(payload, as_json=as_json, render=lambda: say(f"Node ready: {payload['node']}"))


def doctor(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Say whether the node is whole, and what to do where it is not."""
    from pratique.node.handlers.doctor import Doctor

    with opened(node) as at:
        language = language_of(at)
        checks = [check.in_language(language) for check in at.ask(Doctor(), actor=acting(actor))]

    def render() -> None:
        rows = [(MARK[check.state], check.name, check.told, check.todo) for check in checks]
        table("", ["", "check", "what was seen", "what to do"], rows)

    show({"checks": checks}, as_json=as_json, render=render)
    if any(check.state == "fail" for check in checks):
        raise typer.Exit(Category.BROKEN.exit_code)


def backup(
    target: Annotated[Path, typer.Argument(readable=False, help="The archive to write, such as node.tar.gz.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the whole node into one archive, as of one moment."""
    from pratique.node.handlers.backups import TakeBackup

    with opened(node) as at:
        taken = at.execute(TakeBackup(target), actor=acting(actor))
    told = f"{taken.path}: {taken.file_count:,} files, {taken.byte_count:,} bytes"
    show(taken, as_json=as_json, render=lambda: say(told))


def restore(
    archive: Annotated[Path, typer.Argument(readable=False, help="An archive written by backup.")],
    node: NodeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a node out of a backup; the folder must be empty or not there."""
    from pratique.node.archive.restoring import restore as restore_node

    folder = node_folder(node)
    restore_node(archive, folder)
    payload = {"node": str(folder.absolute())}
    told = f"Restored: {payload['node']}. Run `pratique doctor` to see that it is whole."
    show(payload, as_json=as_json, render=lambda: say(told))


@settings_app.command("list")
def list_settings(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Every setting, its value, its default and what it is for."""
    from pratique.node.handlers.settings import ListSettings

    with opened(node) as at:
        settings = at.ask(ListSettings(), actor=acting(actor))

    def render() -> None:
        rows = [(setting.name, setting.value, setting.default, setting.purpose) for setting in settings]
        table("", ["setting", "value", "default", "purpose"], rows)

    show({"settings": settings}, as_json=as_json, render=render)


@settings_app.command("set")
def change_setting(
    name: Annotated[str, typer.Argument(help="A name that `pratique settings list` shows.")],
    value: Annotated[str, typer.Argument(help="The new value.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change one setting; assessments from now on use it."""
    from pratique.node.handlers.settings import ChangeSetting

    with opened(node) as at:
        setting = at.execute(ChangeSetting(name, value), actor=acting(actor))
    told = f"{setting.name} = {setting.value}"
    show(setting, as_json=as_json, render=lambda: say(told))


def journal(
    limit: Annotated[int, typer.Option(help="How many entries, the newest first.", min=1, max=100_000)] = 30,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who did what and when: one entry for every command."""
    from pratique.node.handlers.journal import ReadJournal

    with opened(node) as at:
        entries = at.ask(ReadJournal(limit=limit), actor=acting(actor))

    def render() -> None:
        rows = [(entry.seq, entry.at, entry.actor, entry.entry, entry.own_sha256[:12]) for entry in entries]
        table("", ["entry", "at", "actor", "what", "hash"], rows, right=["entry"])

    show({"entries": entries}, as_json=as_json, render=render)

"""What the documents say is so."""

import re
from pathlib import Path

import typer
from typer.main import get_command

from pratique.cli.main import app
from pratique.flow.risk import parse_profile, render
from pratique.node.settings import SETTINGS

ROOT = Path(__file__).parents[2]
PRODUCT = [*ROOT.glob("src/**/*.py"), *ROOT.glob("src/**/*.yaml"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")]


def command_names() -> list[str]:
    context = typer.Context(get_command(app))
    names = []
    for name, command in context.command.commands.items():
        below = getattr(command, "commands", None)
        names += [f"{name} {each}" for each in below] if below else [name]
    return names


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    text = (ROOT / "docs/reference/cli.md").read_text()
    documented = set(
        re.findall(r"^\| `pratique ([a-z]+(?:-[a-z]+)*(?: [a-z]+(?:-[a-z]+)*)?)", text, flags=re.MULTILINE)
    )
    assert documented == set(command_names())


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text()
    assert [name for name in SETTINGS if f"`{name}`" not in text] == []


def test_relative_links_lead_somewhere() -> None:
    links = [
        (page, target)
        for page in [*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")]
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text())
    ]
    assert [f"{page.name}: {target}" for page, target in links if not (page.parent / target).exists()] == []


def test_nothing_is_left_unfinished() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")
    assert [str(path) for path in PRODUCT if words.search(path.read_text())] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path for path in ROOT.glob("src/**/*.py") if path.read_text().strip() and not path.read_text().startswith('"""')
    ]
    assert silent == []


def test_commands_that_the_documents_name_exist() -> None:
    known = set(command_names())
    pages = [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
    named = {
        (page.name, words)
        for page in pages
        for words in re.findall(
            r"(?:^|[`/ ])pratique ([a-z]+(?:-[a-z]+)*(?: [a-z]+(?:-[a-z]+)*)?)", page.read_text(), flags=re.MULTILINE
        )
    }
    groups = {name.split()[0] for name in known}
    in_code = {(page, words) for page, words in named if words.split()[0] in groups}
    assert len(in_code) > 40
    assert {(page, words) for page, words in in_code if words not in known and words.split()[0] not in known} == set()


def test_the_profile_of_the_tutorial_can_be_read() -> None:
    text = (ROOT / "docs/tutorials/profile-writer.md").read_text()
    profile = parse_profile(text.split("```yaml")[1].split("```")[0])
    params = {"package_count": 3, "gross_mass_g": 450_000}
    assert render(profile.sentence, params) == "3 packages weigh 450 kg: more than 100 kg each."

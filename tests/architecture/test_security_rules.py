"""Rules of safety that can be read off the source: what is never imported, called, or written into a page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
DESK = SOURCE / "pratique" / "desk"
TEMPLATES = {path.name: path.read_text() for path in (DESK / "templates").glob("*.html")}
SCRIPTS = {path.name: path.read_text() for path in (DESK / "static").glob("*.js")}

SPEAKS_TO_THE_NETWORK = {
    *("httpx", "requests", "aiohttp", "urllib.request", "urllib3", "http.client", "ftplib", "smtplib", "poplib"),
    *("imaplib", "telnetlib", "xmlrpc", "socketserver", "websockets", "paramiko"),
}
MAKES_OBJECTS_OF_BYTES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle"}
OPENS_DATABASES_BY_TEXT = {"exec_driver_sql", "text", "executescript"}
SECRETS = {"secret", "csrf", "password", "nonce", "verifier", "client_secret"}
NO_SECRETS_OF_EACH_OTHER = ("password != visit.given('again')", "password == (password[:size] * len(password))")


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the product by its place; read where a test runs, not where it is collected."""
    return {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text()) for path in SOURCE.glob("**/*.py")}


@cache
def imports(tree: ast.Module) -> tuple[str, ...]:
    return tuple(_imports(tree))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def importing(modules: set[str]) -> set[str]:
    return {
        path
        for path, tree in trees().items()
        for name in imports(tree)
        if any(name == module or name.startswith(f"{module}.") for module in modules)
    }


@cache
def calls(tree: ast.Module) -> tuple[tuple[str, ast.Call], ...]:
    return tuple((ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def calling(*names: str) -> set[str]:
    return {path for path, tree in trees().items() for name, _ in calls(tree) if name in names}


def test_only_the_identity_provider_is_ever_called() -> None:
    assert importing(SPEAKS_TO_THE_NETWORK) == {"pratique/node/access/oidc.py", "pratique/node/exchange/client.py"}
    assert importing({"socket"}) == {"pratique/server/running.py", "pratique/cli/demo_sides.py"}
    assert {name for name, _ in calls(trees()["pratique/server/running.py"]) if name.endswith(".connect")} == set()


def test_nothing_from_outside_becomes_code_or_objects() -> None:
    assert calling("eval", "exec", "compile", "__import__") == set()
    assert importing(MAKES_OBJECTS_OF_BYTES) == set()
    assert calling("yaml.unsafe_load", "yaml.full_load", "yaml.load_all") == set()


def test_yaml_is_read_with_safe_loaders_only() -> None:
    from pratique.flow.risk import translated
    from pratique.node.access import policy
    from pratique.partners.agreements import words
    from pratique.vocabulary import sentences
    from pratique_world import tables

    loading = {path for path, tree in trees().items() for name, _ in calls(tree) if name == "yaml.load"}
    assert loading == {
        "pratique/flow/risk/translated.py",
        "pratique/node/access/policy.py",
        "pratique/partners/agreements/words.py",
        "pratique/vocabulary/sentences.py",
        "pratique_world/tables/__init__.py",
    }
    safe = (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # the same in C
    assert issubclass(policy._OneLinePerName, safe)
    for module in (translated, words, sentences, tables):
        assert re.search(r"C?SafeLoader", Path(module.__file__ or "").read_text())
        assert not re.search(r"Unsafe|FullLoader|yaml\.Loader", Path(module.__file__ or "").read_text())


def test_only_jobs_and_screening_beside_start_a_process_and_never_a_shell() -> None:
    jobs = {"pratique/node/jobs/board.py", "pratique/node/jobs/processes.py"}
    screening = {"pratique/cli/start.py", "pratique/node/runs/beside.py"}
    play = {
        "pratique/cli/demo_partners.py",
        "pratique/cli/demo_sides.py",
    }  # the product's own commands, one for each side
    assert importing({"subprocess", "pty", "multiprocessing"}) == jobs | screening | play
    assert calling("os.system", "os.popen", "os.execv", "os.execvp", "os.spawnv") == set()
    shells = [
        node for tree in trees().values() for _, node in calls(tree) if any(k.arg == "shell" for k in node.keywords)
    ]
    assert shells == []


def test_randomness_comes_from_the_operating_system() -> None:
    """Only the invented port, which must come out the same again, draws from a generator with a seed."""
    drawing = {path for path in importing({"random", "numpy.random"}) if not path.startswith("pratique_world/")}
    assert drawing == set()
    assert calling("uuid.uuid1", "uuid.uuid3", "uuid.uuid4", "uuid.uuid5") == set()
    assert importing({"uuid"}) == {"pratique/node/exchange/fresh.py"}


def test_digests_are_sha_256_and_md5_and_sha_1_are_nowhere() -> None:
    asked = {name for path in SOURCE.glob("**/*.py") for name in re.findall(r"hashlib\.\w+", path.read_text())}
    assert asked <= {"hashlib.sha256", "hashlib.file_digest", "hashlib.blake2b"}, asked


def test_statements_of_the_store_are_never_put_together_from_values() -> None:
    made = set()
    for path, tree in trees().items():
        for name, node in calls(tree):
            if name.split(".")[-1] in OPENS_DATABASES_BY_TEXT and node.args and "pratique/node/" in path:
                constant = all(isinstance(part, ast.Constant) for part in _choices(node.args[0]))
                made |= set() if constant else {path}
    assert made <= {"pratique/node/storage/bulk.py"}  # from the names of tables and columns, which are the code's own


def _choices(node: ast.expr) -> list[ast.expr]:
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def test_secrets_are_compared_in_constant_time() -> None:
    """What is looked up by its digest is not compared; two fields of one form are no secrets of each other."""
    told = set()
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
                sides = [ast.unparse(side).split(".")[-1] for side in (node.left, *node.comparators)]
                if set(sides) & SECRETS and path.startswith(("pratique/node/", "pratique/desk/", "pratique/api/")):
                    told.add(f"{path}: {ast.unparse(node)}")
    assert [each for each in told if not any(known in each for known in NO_SECRETS_OF_EACH_OTHER)] == []


def test_pages_hold_neither_scripts_nor_styles_of_their_own_nor_trust_any_value() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=\"\{\{ static\()|<style|\sstyle=|\son[a-z]+=|hx-on|hx-vals=.js:|javascript:|\|\s*safe\b"
        r"|autoescape|<iframe|<object|<embed|<base\b|http-equiv"
    )
    assert {name: inline.findall(text) for name, text in TEMPLATES.items() if inline.search(text)} == {}


def test_every_form_that_changes_something_carries_the_token() -> None:
    forms = [
        (name, form)
        for name, text in TEMPLATES.items()
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, flags=re.DOTALL)
    ]
    assert len(forms) > 15
    assert [f"{name}: {form[:80]}" for name, form in forms if "csrf" not in form] == []


def test_passwords_are_hidden_and_may_be_pasted_and_kept_by_the_browser() -> None:
    fields = [field for text in TEMPLATES.values() for field in re.findall(r"<input[^>]*password[^>]*>", text)]
    assert len(fields) >= 5
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
    assert not any("paste" in text for text in (*TEMPLATES.values(), *SCRIPTS.values()))


def test_scripts_make_no_markup_keep_nothing_and_hear_no_other_window() -> None:
    forbidden = re.compile(
        r"\beval\(|new Function|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|localStorage|sessionStorage"
        r"|indexedDB|postMessage|\"message\"|importScripts|srcdoc"
    )
    assert {name: forbidden.findall(text) for name, text in SCRIPTS.items() if forbidden.search(text)} == {}
    config = re.search(r"name=\"htmx-config\" content='([^']+)'", TEMPLATES["base.html"])
    assert config
    for wanted in ('"allowEval":false', '"allowScriptTags":false', '"selfRequestsOnly":true', '"historyCacheSize":0'):
        assert wanted in config[1]


def test_pages_load_nothing_from_elsewhere() -> None:
    away = re.compile(r"(?:src|href|action|data)=\"(?:https?:)?//|@import|url\(\s*['\"]?(?:https?:)?//")
    styles = {path.name: path.read_text() for path in (DESK / "static").glob("*.css")}
    assert {name: text for name, text in (TEMPLATES | styles).items() if away.search(text)} == {}


def test_every_dependency_is_pinned_to_a_hash() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text().replace("\\\n", " ")
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                assert re.match(r"[a-z0-9._-]+==\S+", line), line[:80]
                assert "--hash=sha256:" in line, line[:80]
    assert "--require-hashes" in (ROOT / "Makefile").read_text()


def test_nothing_that_is_shipped_holds_a_key() -> None:
    key = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|pratique_[A-Za-z0-9_-]{43}")
    shipped = [path for path in (ROOT / "src").glob("**/*") if path.suffix in {".py", ".yaml", ".html", ".js", ".txt"}]
    assert [str(path) for path in shipped if key.search(path.read_text())] == []

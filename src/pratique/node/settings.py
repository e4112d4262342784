"""The settings of a node: their names, defaults and bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LIST: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_OF_ACCESS: Final = (
    "session_",
    "step_up_",
    "app_code_",
    "desk_",
    "oidc_",
    "access_",
    "upload_",
    "job_",
    "retention_",
    "ledger_",
    "keys_",
    "rule_",
    "drift_",
    "blind_",
    "feedback_",
    "warning_",
)
_DUE: Final = "list_due_days."
_GRADED: Final = "list_grade."
_GRADE: Final = re.compile("([A-F][1-6])?")
_HOST: Final = r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?"
_LOOPBACK: Final = r"http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?"
_ORIGIN: Final = re.compile(rf"https://{_HOST}|{_LOOPBACK}")
_ISSUER: Final = re.compile(rf"(https://{_HOST}|{_LOOPBACK})(/[A-Za-z0-9._~/-]{{0,200}})?|")
_CLIENT: Final = re.compile(r"[\x21-\x7e]{0,120}")
_STRENGTH: Final = re.compile(r"[\x21-\x7e]{1,120}( [\x21-\x7e]{1,120}){0,7}")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its default, what a value must look like and what it is for (both in words)."""

    default: str
    accepts: Callable[[str], bool]
    expected: str
    purpose: str


def _whole(least: int, most: int) -> Callable[[str], bool]:
    return lambda text: text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most


def _like(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _ways_with_shares(text: str) -> bool:
    from pratique.flow.learning.typologies import TYPOLOGIES

    pairs = [each.partition("=") for each in text.split(",")] if text else []
    names = [name for name, _, _ in pairs]
    shares = all(_whole(0, 1000)(share) for _, _, share in pairs)
    return shares and set(names) <= set(TYPOLOGIES) and len(set(names)) == len(names)


SETTINGS: Final[Mapping[str, Setting]] = {
    "high_line": Setting(
        "60", _whole(1, 10_000), "a whole number from 1 to 10000", "points from which a control is a must"
    ),
    "random_share_permille": Setting(
        "100", _whole(0, 1000), "a whole number from 0 to 1000", "share of the slots that is drawn at random"
    ),
    "random_with_model_permille": Setting(
        "20",
        _whole(20, 1000),
        "a whole number from 20 to 1000",
        "share of the slots that is drawn at random while a model is in force",
    ),
    "unsure_share_permille": Setting(
        "20",
        _whole(0, 300),
        "a whole number from 0 to 300",
        "share of the slots that goes, beside the draw, to where the model in force is least sure",
    ),
    "unsure_most_permille": Setting(
        "200",
        _whole(0, 300),
        "a whole number from 0 to 300",
        "how far that share may rise after nights with a sign of drift",
    ),
    "unsure_ways": Setting(
        "",
        _ways_with_shares,
        "names of known ways, each with thousandths, such as false_origin=900,split=750; empty for none",
        "known ways that this share goes to first; the night adds those that rise",
    ),
    "value_money_permille": Setting(
        "350",
        _whole(0, 1000),
        "a whole number from 0 to 1000",
        "what orders the list once a model is in force: 0 how often something is found, 1000 how much money",
    ),
    "value_harm_minor": Setting(
        "500000",
        _whole(0, 999_999_999),
        "a whole number up to 999999999",
        "what a find is worth at least, in minor units, where no duty is at stake (drugs, dual-use goods)",
    ),
    "capacity.open": Setting("12", _whole(0, 1_000_000), "a whole number", "boxes that can be opened in a run"),
    "capacity.scan": Setting("60", _whole(0, 1_000_000), "a whole number", "boxes that can be scanned in a run"),
    "capacity.documents": Setting(
        "200", _whole(0, 1_000_000), "a whole number", "consignments whose documents can be checked in a run"
    ),
    "base_currency": Setting("EUR", _like(_CURRENCY), "three capital letters", "currency that amounts are compared in"),
    "language": Setting("en", _like(_LANGUAGE), "a language tag such as en", "language of the sentences"),
    "late_hours": Setting(
        "24", _whole(0, 8760), "a whole number up to 8760", "an amendment closer to arrival than this is late"
    ),
    "approval_lead_hours": Setting(
        "2", _whole(0, 168), "a whole number up to 168", "a control list must be approved so long before the arrival"
    ),
    "hit_second_person_permille": Setting(
        "880",
        _whole(0, 1001),
        "a whole number up to 1001",
        "from this score on a second person must agree to different",
    ),
    "hit_different_days": Setting(
        "365", _whole(1, 3650), "a whole number from 1 to 3650", "days for which a pair answered different stays quiet"
    ),
    "hit_minutes": Setting(
        "4", _whole(1, 480), "a whole number from 1 to 480", "minutes that an officer needs for one list hit"
    ),
    "list_traffic": Setting(
        "1",
        _whole(0, 1),
        "0 or 1",
        "1: words that many of the node's own parties hold prove less, once they were counted; 0: they do not",
    ),
    "list_change_days": Setting(
        "30",
        _whole(0, 3650),
        "a whole number from 0 to 3650",
        "days after arrival for which what is not released is compared with a changed list",
    ),
    "list_due_days.default": Setting(
        "7", _whole(1, 3650), "a whole number from 1 to 3650", "age from which a watchlist is overdue"
    ),
    "list_due_days.un": Setting(
        "30", _whole(1, 3650), "a whole number from 1 to 3650", "the same, for the list of the United Nations"
    ),
    "list_due_days.own": Setting(
        "365", _whole(1, 3650), "a whole number from 1 to 3650", "the same, for the administration's own list"
    ),
    "list_grade.default": Setting(
        "",
        _like(_GRADE),
        "a letter A to F and a digit 1 to 6, such as B2, or nothing",
        "grade of the sources of lists: their reliability and the credibility of what they say",
    ),
    "rule_days": Setting(
        "365", _whole(1, 3650), "a whole number from 1 to 3650", "days that back-tests and scorecards of rules look at"
    ),
    "rule_floor_permille": Setting(
        "10",
        _whole(0, 1000),
        "a whole number from 0 to 1000",
        "a rule whose share of finds surely lies below is proposed to leave",
    ),
    "rule_silent_days": Setting(
        "180", _whole(1, 3650), "a whole number from 1 to 3650", "days without firing after which a rule is proposed"
    ),
    "rule_overlap_permille": Setting(
        "1000",
        _whole(500, 1000),
        "a whole number from 500 to 1000",
        "share of a rule's firings that one other rule has too, from which on it is proposed",
    ),
    "rule_review_days": Setting(
        "365", _whole(1, 3650), "a whole number from 1 to 3650", "days after which a person must look at a rule again"
    ),
    "drift_days": Setting(
        "28", _whole(1, 365), "a whole number from 1 to 365", "days that are compared with what came before them"
    ),
    "drift_reference_days": Setting(
        "84", _whole(1, 1095), "a whole number from 1 to 1095", "days before them that they are compared with"
    ),
    "ledger_witnesses": Setting(
        "1", _whole(0, 32), "a whole number from 0 to 32", "partners who must have cosigned a checkpoint of the ledger"
    ),
    "blind_officer_day": Setting(
        "100",
        _whole(0, 10_000),
        "a whole number from 0 to 10000",
        "elements of blind queries (decoys counted) that one officer may ask in 24 hours",
    ),
    "blind_partner_day": Setting(
        "200",
        _whole(0, 10_000),
        "a whole number from 0 to 10000",
        "elements of blind queries (decoys counted) that one partner is asked in 24 hours",
    ),
    "feedback_days": Setting(
        "14", _whole(1, 365), "a whole number from 1 to 365", "days after which feedback on an alert is overdue"
    ),
    "ledger_slot_seconds": Setting(
        "0",
        _whole(0, 86_400),
        "a whole number from 0 to 86400",
        "seconds after which the log grows, whether or not anything happened; 0: only when a checkpoint is asked for",
    ),
    "ledger_pad_least": Setting(
        "16",
        _whole(1, 4096),
        "a whole number from 1 to 4096",
        "leaves by which the log grows in a slot at least, and from there by powers of two",
    ),
    "keys_due_days": Setting(
        "365", _whole(30, 3650), "a whole number from 30 to 3650", "days after which a key pair of the node is renewed"
    ),
    "warning_days": Setting(
        "90",
        _whole(1, 3650),
        "a whole number from 1 to 3650",
        "days after arrival, or receipt, for which a partner's warning is compared with what is assessed",
    ),
    "session_idle_minutes": Setting(
        "20", _whole(1, 720), "a whole number from 1 to 720", "minutes after which a session that nobody uses ends"
    ),
    "session_longest_minutes": Setting(
        "600", _whole(5, 1440), "a whole number from 5 to 1440", "minutes after which every session ends"
    ),
    "step_up_minutes": Setting(
        "10", _whole(1, 60), "a whole number from 1 to 60", "minutes for which a second factor given counts"
    ),
    "session_most": Setting(
        "5", _whole(1, 50), "a whole number from 1 to 50", "open sessions of one officer; another one ends the oldest"
    ),
    "app_code_digest": Setting(
        "sha256",
        lambda text: text in ("sha256", "sha1"),
        "sha256 or sha1",
        "digest of the codes of authenticator apps that are set up from now on",
    ),
    "app_code_steps_around": Setting(
        "0", _whole(0, 1), "0 or 1", "steps of thirty seconds by which the clock of an app may differ"
    ),
    "desk_origin": Setting(
        "http://localhost:8040",
        _like(_ORIGIN),
        "https:// and a name (http:// for localhost), without a path",
        "where officers reach the desk; passkeys are bound to it",
    ),
    "oidc_issuer": Setting(
        "", _like(_ISSUER), "https:// and an address, or nothing", "identity provider of the administration"
    ),
    "oidc_client": Setting("", _like(_CLIENT), "up to 120 characters", "the name that the provider knows the node by"),
    "oidc_strength": Setting(
        "mfa",
        _like(_STRENGTH),
        "one to eight words",
        "what the provider's token must name (in acr or amr, one of them) for a sign-in with two factors",
    ),
    "oidc_key_bits": Setting(
        "3072", _whole(2048, 16_384), "a whole number from 2048 to 16384", "shortest RSA key of the provider"
    ),
    "upload_mib": Setting(
        "2048", _whole(1, 16_384), "a whole number from 1 to 16384", "largest upload in MiB; counts from the next start"
    ),
    "job_memory_mib": Setting(
        "8192",
        _whole(256, 1_048_576),
        "a whole number from 256 to 1048576",
        "memory in MiB that one job may take, and never more than four fifths of the machine's",
    ),
    "retention_advance_cargo_days": Setting(
        "1825",
        _whole(30, 10_950),
        "a whole number from 30 to 10950",
        "days for which advance cargo data is kept after it was assessed",
    ),
    "retention_disclosure_days": Setting(
        "1825",
        _whole(30, 10_950),
        "a whole number from 30 to 10950",
        "days for which what was shared is kept on this node where no agreement names a last day",
    ),
    "access_log_years": Setting(
        "5", _whole(1, 30), "a whole number from 1 to 30", "years for which it is kept who read and who was refused"
    ),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force, by name."""

    values: Mapping[str, str]

    @classmethod
    def of(cls, changed: Mapping[str, str]) -> Settings:
        """The defaults, with what was changed."""
        return cls({name: each.default for name, each in SETTINGS.items()} | dict(changed))

    def of_a_run(self) -> dict[str, str]:
        """Those that an assessment can depend on: who may sign in and for how long is none of them."""
        return {name: value for name, value in self.values.items() if not name.startswith(_OF_ACCESS)}

    def number(self, name: str) -> int:
        """A setting that is a whole number."""
        return int(self.values[name])

    def due_days(self, list_id: str) -> int:
        """Days after which the list is overdue."""
        return int(self.values.get(_DUE + list_id, self.values[_DUE + "default"]))

    def grade(self, list_id: str) -> str:
        """The grade of the list as a whole, such as ``B2``; empty where it has none."""
        return self.values.get(_GRADED + list_id, self.values[_GRADED + "default"])

    def capacity(self) -> dict[str, int]:
        """Slots per resource."""
        return {name: self.number(f"capacity.{name}") for name in ("open", "scan", "documents")}


def checked(name: str, value: str) -> str:
    """The value as it is stored. Raises ``REJECTED`` for a value, ``NOT_FOUND`` for a name that no setting has."""
    wanted = SETTINGS.get(name) or _of_a_list(name)
    if wanted is None:
        raise refuse("settings.unknown", Category.NOT_FOUND, name=name, known=", ".join(SETTINGS))
    if not wanted.accepts(value):
        raise refuse("settings.unfit", name=name, value=value, expected=wanted.expected)
    return value


def _of_a_list(name: str) -> Setting | None:
    """The setting of a list that is named after it, such as ``list_due_days.bis``."""
    before = next((each for each in (_DUE, _GRADED) if name.startswith(each)), None)
    return SETTINGS[f"{before}default"] if before and _LIST.fullmatch(name.removeprefix(before)) else None


def checked_capacity(given: Mapping[str, int], settings: Settings) -> dict[str, int]:
    """The slots of a run: those given, else those set. Raises ``REJECTED`` for resources or numbers that cannot be."""
    slots = settings.capacity()
    for name, count in given.items():
        if name not in slots:
            raise refuse("settings.no_resource", name=name, known=", ".join(slots))
        slots[name] = int(checked(f"capacity.{name}", str(count)))
    return slots

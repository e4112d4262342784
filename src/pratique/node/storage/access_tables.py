"""The tables of ``access.db``: who may act, who is signed in, and what was asked, refused and read.

They lie in a file of their own because an embedded store has one writer per file: nobody waits for an assessment in
order to sign in. Moments are text of fixed width in UTC, lists are canonical JSON, flags are 0 and 1. Secrets of
sessions, invitations and tokens are here as SHA-256 only; the secret of a second factor and the node's private keys are
sealed with the node's key.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

from pratique.node.storage.ledger_tables import ledger_leaf as leaf_of_main
from pratique.node.storage.schema import NAMES
from pratique.node.storage.tables import journal as journal_of_main

ACCESS_REVISION: Final = "0005"  # the migration that makes exactly these tables

access_metadata: Final = MetaData(naming_convention=NAMES)

journal = journal_of_main.to_metadata(access_metadata)  # the same shape, so the same functions write and check it

ledger_leaf = leaf_of_main.to_metadata(access_metadata)  # of the entries of this journal

signing_key = Table(
    "signing_key",
    access_metadata,
    Column("id", Text, primary_key=True),  # name and number: log/1
    Column("name", Text, nullable=False),  # log, sign, seal, witness
    Column("number", Integer, nullable=False),  # 1 is the first of that name
    Column("owner", Text, nullable=False),  # the administration, as partners know it
    Column("algorithm", Text, nullable=False),  # ed25519, mlkem768-x25519
    Column("public_key", LargeBinary, nullable=False),
    Column("private_sealed", Text, nullable=False),  # empty once destroyed
    Column("made_at", Text, nullable=False),
    Column("retired_at", Text),
    Column("revoked_at", Text),  # by the roots
    Column("destroyed_at", Text),  # the private half, for good
    Column("exported_at", Text),  # last, into a file for a safe
)

office = Table(
    "office",
    access_metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),  # IANA
    Column("opens", Text, nullable=False),  # HH:MM, local time
    Column("closes", Text, nullable=False),
    Column("open_days", Text, nullable=False),  # JSON: 1 is Monday
    Column("locations", Text, nullable=False),  # JSON: UN/LOCODEs whose arrivals are this office's
    Column("lane_words", Text, nullable=False),  # JSON: channel -> the word the office uses
)

officer = Table(
    "officer",
    access_metadata,
    Column("login", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("roles", Text, nullable=False),  # JSON
    Column("office", Text, ForeignKey("office.code")),
    Column("state", Text, nullable=False),  # invited, active, suspended
    Column("persona", Integer, nullable=False),  # of a demonstration: signs in by one click
    Column("language", Text, nullable=False),
    Column("theme", Text, nullable=False),  # system, light, dark
    Column("shortcut_keys", Integer, nullable=False),
    Column("password_hash", Text),  # argon2id
    Column("password_changed_at", Text),
    Column("factor_sealed", Text),
    Column("factor_last_step", BigInteger, nullable=False),  # of 30 s: a code works once
    Column("oidc_subject", Text, unique=True),
    Column("declared_interests", Text, nullable=False),  # JSON: names and addresses that the officer has declared
    Column("added_at", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
)

invitation = Table(
    "invitation",
    access_metadata,
    Column("secret_sha256", Text, primary_key=True),
    Column("login", Text, ForeignKey("officer.login"), nullable=False),
    Column("factor_sealed", Text, nullable=False),  # the second factor that it sets up
    Column("made_at", Text, nullable=False),
    Column("ends_at", Text, nullable=False),
    Column("used_at", Text),
    Index("ix_invitation_login", "login"),
)

recovery_code = Table(
    "recovery_code",
    access_metadata,
    Column("code_sha256", Text, primary_key=True),
    Column("login", Text, ForeignKey("officer.login"), nullable=False),
    Column("used_at", Text),
    Index("ix_recovery_code_login", "login"),
)

passkey = Table(
    "passkey",
    access_metadata,
    Column("credential_id", Text, primary_key=True),  # base64url
    Column("login", Text, ForeignKey("officer.login"), nullable=False),
    Column("name", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),  # COSE
    Column("sign_count", BigInteger, nullable=False),
    Column("transports", Text, nullable=False),  # JSON
    Column("added_at", Text, nullable=False),
    Column("used_at", Text),
    Index("ix_passkey_login", "login"),
)

officer_key = Table(
    "officer_key",  # an officer's own key for custody
    access_metadata,
    Column("officer", Text, primary_key=True),  # as custody names them: the login, or the local operator
    Column("public_key", LargeBinary, nullable=False),  # Ed25519, raw
    Column("closed", Text, nullable=False),  # JSON: the private half under the officer's passphrase
    Column("made_at", Text, nullable=False),
)

session = Table(
    "session",
    access_metadata,
    Column("id", Text, primary_key=True),
    Column("secret_sha256", Text, nullable=False, unique=True),
    Column("login", Text, ForeignKey("officer.login"), nullable=False),
    Column("method", Text, nullable=False),  # password, passkey, oidc, persona
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("purpose", Text),
    Column("started_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("last_until", Text, nullable=False),  # the absolute end
    Column("strong_until", Text),
    Column("whole_until", Text),  # to when the whole sign-in counts: a passkey, or password and code
    Column("ended_at", Text),
    Column("ended_because", Text),
    Index("ix_session_login", "login"),
)

used_state = Table(
    "used_state",  # of a sign-in that went through the browser: a sealed state counts once
    access_metadata,
    Column("digest", Text, primary_key=True),
    Column("ends_at", Text, nullable=False),
)

attempt = Table(
    "attempt",
    access_metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("login_key", Text, nullable=False),  # SHA-256: people type passwords into the wrong field
    Column("address", Text, nullable=False),
    Column("succeeded", Integer, nullable=False),
    Column("way", Text, nullable=False, server_default="password"),  # password, passkey, oidc
    Index("ix_attempt_login_key", "login_key", "at"),
    Index("ix_attempt_address", "address", "at"),
)

token = Table(
    "token",
    access_metadata,
    Column("id", Text, primary_key=True),
    Column("secret_sha256", Text, nullable=False, unique=True),
    Column("login", Text, ForeignKey("officer.login"), nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),  # JSON
    Column("purpose", Text),
    Column("made_at", Text, nullable=False),
    Column("ends_at", Text, nullable=False),
    Column("used_at", Text),
    Column("revoked_at", Text),
    Column("revoked_by", Text),
    Index("ix_token_login", "login"),
)

break_glass = Table(
    "break_glass",
    access_metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, ForeignKey("officer.login"), nullable=False),
    Column("session", Text, ForeignKey("session.id"), nullable=False),
    Column("request", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("ends_at", Text, nullable=False),
    Column("reviewed_at", Text),
    Column("reviewed_by", Text),
    Column("verdict", Text),  # justified, not_justified
    Column("note", Text),
    Index("ix_break_glass_session", "session"),
)

denial = Table(
    "denial",
    access_metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("office", Text),
    Column("request", Text, nullable=False),
    Column("code", Text, nullable=False),  # of the refusal
    Column("purpose", Text),
    Column("address", Text),  # of who tried to get round a control
    Index("ix_denial_at", "at"),
)

person_read = Table(
    "person_read",
    access_metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("office", Text),
    Column("request", Text, nullable=False),
    Column("subject", Text, nullable=False),  # id of the consignment, run or party, never a name
    Column("read_count", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("break_glass", Text),
    Index("ix_person_read_at", "at"),
    Index("ix_person_read_actor", "actor", "at"),
)

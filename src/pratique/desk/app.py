"""The desk as an application: its pages by address. A later page joins by one line here."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Final
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from pratique.desk.door import Page, not_found, page
from pratique.desk.look import Look
from pratique.desk.pages import (
    account,
    administration,
    agreements,
    arrivals,
    behind,
    blind,
    confirming,
    consignment,
    control_outcomes,
    controls,
    custody,
    custody_across,
    data_protection,
    effectiveness,
    entering,
    feedback,
    following,
    hits,
    ledger,
    lists,
    live,
    loading,
    model_said,
    models,
    partners,
    parts,
    place,
    profiles,
    quarantine,
    queue,
    request,
    request_advice,
    requests,
    resources,
    rule_life,
    screening,
    search,
    share,
    sign_in,
)
from pratique.desk.visit import Desk
from pratique.node import Node
from pratique.node.jobs import Jobs

ROUTES: Final[tuple[tuple[str, str, Page], ...]] = (
    ("GET", "/", arrivals.show),
    ("POST", "/load", loading.load),
    ("GET", "/jobs", loading.jobs),
    ("GET", "/jobs/{job}", following.show),
    ("POST", "/jobs/{job}/cancel", following.cancel),
    ("GET", "/queue", queue.newest),
    ("GET", "/queue/{run}", queue.show),
    ("POST", "/queue/{run}", queue.show),
    ("POST", "/queue/{run}/rows", queue.rows),
    ("GET", "/queue/{run}/in-hand/{consignment}", queue.in_hand),
    ("GET", "/queue/{run}/capacity", queue.capacity),
    ("POST", "/queue/{run}/capacity", queue.change_capacity),
    ("POST", "/queue/{run}/approve", queue.approve),
    ("GET", "/queue/{run}/ask/{act}/{consignment}", queue.ask),
    ("POST", "/queue/{run}/act/{act}/{consignment}", queue.act),
    ("GET", "/queue/{run}/print", queue.print_list),
    ("POST", "/acts/{act:int}/undo", queue.undo),
    ("GET", "/consignment/{ref}", consignment.show),
    ("POST", "/consignment/{ref}/dispute", model_said.dispute),
    ("GET", "/consignment/{ref}/versions", behind.versions),
    ("GET", "/consignment/{ref}/route", behind.route),
    ("GET", "/consignment/{ref}/network", behind.network),
    ("GET", "/consignment/{ref}/whole-network", behind.whole_network),
    ("GET", "/place/{sha256}", place.show),
    ("GET", "/controls", controls.show_list),
    ("GET", "/controls/{order}", controls.show),
    ("POST", "/controls/{order}/assign", controls.assign),
    ("POST", "/controls/{order}/start", controls.start),
    ("POST", "/controls/{order}/steps", controls.steps),
    ("POST", "/controls/{order}/photo", controls.photo),
    ("POST", "/controls/{order}/refer", controls.refer),
    ("GET", "/controls/{order}/evidence/{sha256}", controls.evidence),
    ("GET", "/controls/{order}/finding", control_outcomes.finding),
    ("POST", "/controls/{order}/outcome", control_outcomes.record),
    ("GET", "/controls/{order}/dossier", control_outcomes.dossier),
    ("GET", "/reconciliation", control_outcomes.reconciliation),
    ("GET", "/evidence-items", custody.show_list),
    ("POST", "/evidence-items", custody.collect),
    ("GET", "/evidence-items/{item}", custody.show),
    ("GET", "/evidence-items/{item}/offer", custody_across.offered),
    ("POST", "/evidence-items/{item}/offer-by-card", custody_across.offer),
    ("POST", "/evidence-items/{item}/complete", custody_across.complete),
    ("POST", "/evidence-items/{item}/{act}", custody.act),
    ("GET", "/hand-overs", custody_across.show),
    ("POST", "/hand-overs/card", custody_across.card),
    ("POST", "/hand-overs/countersign", custody_across.countersign),
    ("GET", "/requests", requests.show_list),
    ("GET", "/requests/advice", request_advice.show),
    ("GET", "/requests/new", requests.new),
    ("POST", "/requests/new", requests.draft),
    ("GET", "/requests/{request}", request.show),
    ("GET", "/requests/{request}/versions", request.versions),
    ("POST", "/requests/{request}/revise", request.revise),
    ("POST", "/requests/{request}/fill/{field}", request.fill),
    ("POST", "/requests/{request}/step/{step}", request.step),
    ("POST", "/requests/{request}/bundle", request.bundle),
    ("GET", "/effectiveness", effectiveness.show),
    ("GET", "/effectiveness/drift", effectiveness.drift),
    ("GET", "/resources", resources.show),
    ("POST", "/resources", resources.put),
    ("POST", "/resources/{resource}", resources.change_use),
    ("GET", "/hits", hits.show_list),
    ("GET", "/hits/{run}/{number:int}", hits.show),
    ("GET", "/hits/{run}/{number:int}/ask/{answer}", hits.ask),
    ("POST", "/hits/{run}/{number:int}/answer", hits.answer),
    ("POST", "/hits/{run}/{number:int}/undo", hits.undo),
    ("GET", "/lists", lists.show),
    ("POST", "/lists", lists.load),
    ("GET", "/lists/changes/{number:int}", lists.show_change),
    ("GET", "/screen", screening.show),
    ("POST", "/screen", screening.screen),
    ("GET", "/quarantine", quarantine.show_list),
    ("GET", "/quarantine/{part}", quarantine.show),
    ("POST", "/quarantine/{part}/reread", quarantine.reread),
    ("GET", "/profiles", profiles.show_list),
    ("GET", "/profiles/new", profiles.new),
    ("GET", "/profiles/fields", profiles.fields),
    ("POST", "/profiles/check", profiles.check),
    ("POST", "/profiles/back-test", rule_life.try_text),
    ("POST", "/profiles", profiles.add),
    ("GET", "/profiles/{profile}", profiles.show),
    ("GET", "/profiles/{profile}/edit", profiles.edit),
    ("GET", "/profiles/{profile}/back-test", rule_life.back_test),
    ("POST", "/profiles/{profile}/review", rule_life.review),
    ("POST", "/profiles/{profile}/activate", profiles.activate),
    ("POST", "/profiles/{profile}/retire", profiles.retire),
    ("GET", "/agreements", agreements.show_list),
    ("POST", "/agreements", agreements.propose),
    ("GET", "/agreements/decisions", agreements.decisions),
    ("GET", "/agreements/legal-bases", agreements.bases),
    ("POST", "/agreements/parties/adopt", agreements.adopt_party),
    ("GET", "/agreements/{agreement}", agreements.show),
    ("POST", "/agreements/{agreement}/adopt", agreements.adopt),
    ("POST", "/agreements/{agreement}/withdraw", agreements.withdraw),
    ("POST", "/agreements/{agreement}/parties", agreements.propose_party),
    ("GET", "/share", share.find),
    ("POST", "/share", share.find),
    ("GET", "/partners", partners.show),
    ("POST", "/partners/confirm", partners.confirm),
    ("POST", "/partners/alarms/{entry:int}", partners.alarm),
    ("GET", "/blind", blind.show),
    ("POST", "/blind", blind.ask),
    ("POST", "/blind/answers", blind.answer),
    ("POST", "/blind/lists", blind.mark),
    ("POST", "/blind/partners", blind.allow),
    ("GET", "/blind/{question}", blind.question),
    ("POST", "/blind/{question}/read", blind.read),
    ("POST", "/blind/{question}/request", blind.request),
    ("GET", "/feedback", feedback.show),
    ("POST", "/feedback/{message}", feedback.give),
    ("POST", "/feedback/{message}/remind", feedback.remind),
    ("GET", "/inbox", partners.inbox),
    ("GET", "/inbox/{message}", partners.message),
    ("GET", "/inbox/{message}/files/{number:int}", partners.file_beside),
    ("POST", "/inbox/{message}/feedback", partners.feedback),
    ("POST", "/inbox/{message}/destroy", partners.destroy),
    ("GET", "/outbox", partners.outbox),
    ("GET", "/outbox/{message}", partners.sent),
    ("POST", "/outbox/{message}/decide", partners.decide),
    ("POST", "/outbox/{message}/retract", partners.retract),
    ("GET", "/share/{ref}", share.show),
    ("POST", "/share/{ref}/preview", share.preview),
    ("POST", "/share/{ref}", share.send),
    ("GET", "/models", models.show_list),
    ("GET", "/models/{model}", models.show),
    ("POST", "/models/{model}/promote", models.promote),
    ("POST", "/models/{model}/retire", models.retire),
    ("GET", "/ledger", ledger.show),
    ("POST", "/ledger/verify", ledger.verify),
    ("POST", "/ledger/checkpoint", ledger.sign),
    ("GET", "/ledger/proof/{entry}", ledger.proof_file),
    ("GET", "/ledger/policy", ledger.policy_file),
    ("GET", "/search", search.show),
    ("POST", "/search", search.show),
    ("GET", "/parts", parts.show),
    ("GET", "/account", account.show),
    ("POST", "/account/preferences", account.preferences),
    ("POST", "/account/password", account.password),
    ("POST", "/account/recovery-codes", account.recovery_codes),
    ("POST", "/account/sessions/end", account.end_session),
    ("GET", "/account/passkey", account.ask_passkey),
    ("POST", "/account/custody-key", account.make_custody_key),
    ("POST", "/account/passkeys", account.add_passkey),
    ("POST", "/account/passkeys/remove", account.remove_passkey),
    ("POST", "/account/tokens", account.make_token),
    ("POST", "/account/tokens/revoke", account.revoke_token),
    ("GET", "/confirm", confirming.show),
    ("POST", "/confirm", confirming.by_code),
    ("POST", "/confirm/passkey", confirming.by_passkey),
    ("GET", "/purpose", confirming.purpose),
    ("POST", "/purpose", confirming.declare),
    ("GET", "/emergency", confirming.emergency),
    ("POST", "/emergency", confirming.take),
    ("POST", "/emergency/return", confirming.give_back),
    ("GET", "/data-protection", data_protection.show),
    ("POST", "/data-protection/review", data_protection.review),
    ("GET", "/administration", administration.show),
    ("POST", "/administration", administration.add),
    ("GET", "/administration/offices", administration.offices),
    ("POST", "/administration/offices", administration.put_office),
    ("GET", "/administration/sessions", administration.sessions),
    ("GET", "/administration/keys", administration.keys),
    ("GET", "/administration/officer/{login}", administration.officer),
    ("POST", "/administration/officer/{login}", administration.change),
    ("POST", "/administration/officer/{login}/{act}", administration.act),
    ("POST", "/sign-out", sign_in.leave),
)
VISITORS: Final[tuple[tuple[str, str, Page], ...]] = (
    ("GET", "/sign-in", sign_in.show),
    ("POST", "/sign-in", sign_in.enter),
    ("POST", "/sign-in/as/{persona}", sign_in.enter_as),
    ("GET", "/sign-in/passkey", entering.ask_passkey),
    ("POST", "/sign-in/passkey", entering.by_passkey),
    ("GET", "/sign-in/provider", entering.to_provider),
    ("GET", "/sign-in/back", entering.back_from_provider),
    ("GET", "/invitation", entering.invitation),
    ("POST", "/invitation", entering.open_invitation),
    ("POST", "/invitation/accept", entering.accept),
)
FOR_EVER: Final = "public, max-age=31536000, immutable"


class _Shipped(StaticFiles):
    """Shipped files; an address that carries a version never changes its content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.headers.get("content-type") == "image/svg+xml":
            response.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
        if b"v=" in scope.get("query_string", b""):
            response.headers["Cache-Control"] = FOR_EVER
        return response


def build_desk(
    node: Node, *, jobs: Jobs, zone: str = "UTC", language: str = "en", demonstration: bool = False
) -> Starlette:
    """The desk of ``node``. ``zone`` is the office's time zone, ``language`` the node's own."""
    with as_file(files("pratique.desk") / "static") as folder:
        shipped = _Shipped(directory=folder)
    pages = [Route(path, page(act), methods=[method]) for method, path, act in ROUTES]
    pages += [Route(path, page(act, visitors=True), methods=[method]) for method, path, act in VISITORS]
    pages += [Route("/live", live.stream)]
    app = Starlette(
        routes=[Mount("/static", shipped), *pages],
        exception_handlers={404: not_found, 405: not_found, 413: not_found, 400: not_found, 500: not_found},
    )
    app.state.desk = Desk(node, jobs, Look(), ZoneInfo(zone), language, demonstration)
    return app

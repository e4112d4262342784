"""The hits morning: what is open and what it costs, a second person, a list that changes, and a name to try."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from test_list_hits_and_profiles import analyst, answer
from visiting import Served, picture, signed_in

from pratique.node import Node, local_operator
from pratique.node.handlers.queue_page import QueuePage
from pratique.node.runs.queue_lines import HitCounts

HEADINGS = "id,name,kind,aliases,country,birth_date,identifiers,programme,remarks,grade,report"


def consignee(served: Served) -> str:
    """A company that receives goods on the sample port, answers to no list, and resembles no other party in sight."""
    with Node.open(served.folder) as node:
        rows = node.ask(QueuePage(limit=200), actor=local_operator("tests")).rows
    begins = [name.split()[0] for row in rows for name in (row.consignee, row.consignor) if name]
    return next(
        row.consignee
        for row in rows
        if row.consignee and len(row.consignee.split()) > 2 and begins.count(row.consignee.split()[0]) == 1
        if row.hits == HitCounts(0, 0, 0, 0, 0)
    )


def load(page: Page, folder: Path, name: str, *rows: str) -> None:
    path = folder / "tips.csv"
    path.write_text("\n".join((HEADINGS, *rows)) + "\n", encoding="utf-8")
    page.goto("/lists")
    page.get_by_label("Publisher", exact=True).select_option("own")
    page.get_by_label("Name, where one publisher has several lists").fill(name)
    page.get_by_label("Files").set_input_files(path)
    page.get_by_role("button", name="Load").click()
    page.wait_for_url("**/lists/changes/*", timeout=90_000)


def test_the_list_says_what_is_open_what_it_takes_and_what_alerts_cost(targeting: Page) -> None:
    targeting.goto("/hits")
    expect(targeting.locator(".facts")).to_contain_text("officer minutes")
    expect(targeting.locator("aside")).to_contain_text("in 1,000 ordinary names")
    expect(targeting.locator("aside")).to_contain_text("officer minutes at 4 a hit")
    names = targeting.locator(".tabs a").all_inner_texts()
    assert [name.rsplit(" ", 1)[0] for name in names] == [
        "Open",
        "For a second person",
        "List changed",
        "For audit",
        "Quiet",
        "All",
    ]


def test_a_second_person_finds_what_waits_and_agrees(chromium: Browser, served: Served) -> None:
    contexts = [chromium.new_context(base_url=served.url, locale="en-GB") for _ in range(2)]
    first, second = signed_in(contexts[0], "targeting"), analyst(contexts[1])
    first.goto("/hits")
    first.get_by_role("link", name="XUE RUIYONG").click()
    answer(first, "n", "common_name")
    first.wait_for_url("**done=*")
    first.goto("/hits?view=second")
    expect(first.locator("main")).to_contain_text("No list hit stands here")
    second.goto("/hits?view=second")
    second.get_by_role("link", name="XUE RUIYONG").click()
    expect(second.locator("main")).to_contain_text("answered: different. A hit this sure needs a second person.")
    answer(second, "n", "common_name")
    second.wait_for_url("**done=*")
    second.goto("/hits?view=all")
    expect(second.locator("tbody tr", has_text="XUE RUIYONG")).to_contain_text("a common name")
    for context in contexts:
        context.close()


def test_a_list_that_changes_raises_a_hit_that_is_answered_and_comes_back_with_what_changed(
    targeting: Page, served: Served, tmp_path: Path
) -> None:
    name = consignee(served)
    load(targeting, tmp_path, "tips", f"1,{name},organisation,,,,,TIP,,E4,Report 77/2026")
    expect(targeting.locator("main")).to_contain_text("raised on consignments that are not yet released")
    picture(targeting, "list-change")
    targeting.locator("aside ol a").first.click()
    main = targeting.locator("main")
    expect(main).to_contain_text("List changed since the assessment.")
    expect(main).to_contain_text("E4 source unreliable, doubtful")
    expect(main).to_contain_text("Report 77/2026")
    targeting.goto("/hits?view=raised")
    expect(targeting.locator("tbody")).to_contain_text("the list changed since the assessment")
    targeting.locator("tbody tr a").first.click()
    answer(targeting, "y", "details_agree")
    targeting.wait_for_url("**done=*")
    load(targeting, tmp_path, "tips", f"1,{name},organisation,,AE,,,TIP TWO,,E4,Report 77/2026")
    expect(targeting.locator("tbody")).to_contain_text("Programme: TIP → TIP TWO")
    targeting.goto("/hits?view=all")
    row = targeting.locator("tbody tr", has_text="tips").first
    expect(row).to_contain_text("The entry has changed on the list in force.")


def test_a_raised_hit_is_seen_on_the_queue_and_the_consignment(targeting: Page, served: Served, tmp_path: Path) -> None:
    name = consignee(served)
    load(targeting, tmp_path, "more-tips", f"1,{name},organisation,,,,,TIP,,,")
    link = targeting.locator("aside ol a[href^='/consignment/']").first
    consignment = (link.get_attribute("href") or "").rsplit("/", 1)[-1]
    link.click()
    expect(targeting.locator("aside")).to_contain_text("the list changed since the assessment")
    expect(targeting.locator("table.reasons")).to_contain_text("Raised since by list more-tips")
    expect(targeting.locator("table.reasons")).to_contain_text("With what lists raised since")
    picture(targeting, "raised-since")
    queue = targeting.locator(".crumb a[data-back]").get_attribute("href")  # of its ship alone: few hits
    targeting.goto(f"{queue}&view=list_hits")
    expect(targeting.locator(f"#row-{consignment}")).to_contain_text("Raised since: +")


def test_one_name_is_compared_with_its_reasons_and_a_mistake_is_told_in_place(targeting: Page) -> None:
    targeting.goto("/hits")
    targeting.get_by_role("link", name="Screen a name").click()
    targeting.get_by_label("Name", exact=True).fill("XUE RUIYONG")
    targeting.get_by_role("button", name="Compare").click()
    expect(targeting.locator("tbody")).to_contain_text("RUIYONG")
    expect(targeting.locator("main")).to_contain_text("in 1,000 ordinary names")
    picture(targeting, "screen")
    targeting.get_by_label("Country, two letters").fill("Utopia")
    targeting.get_by_role("button", name="Compare").click()
    expect(targeting.get_by_role("alert")).to_contain_text("two-letter country code")
    assert targeting.get_by_label("Name", exact=True).input_value() == "XUE RUIYONG"

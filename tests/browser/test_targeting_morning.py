"""A targeting officer's morning: from a dropped file to a printed control list."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect
from visiting import Served, picture, signed_in


def test_the_board_shows_three_ships_with_what_is_left_and_what_waits(targeting: Page) -> None:
    expect(targeting.locator("article.call")).to_have_count(3)
    first = targeting.locator("article.call").first
    assert int(first.locator("[data-h]").inner_text()) in range(10, 14)
    expect(first).to_contain_text("1,802 containers")
    expect(targeting.get_by_role("heading", name="Waiting for you")).to_be_visible()
    picture(targeting, "arrivals")


def test_a_dropped_file_becomes_a_ranked_list(targeting: Page, sample_port: Path) -> None:
    targeting.get_by_label("Drop files here").set_input_files(sample_port / "port" / "amendment.edi")
    targeting.get_by_role("button", name="Assess").click()
    done = targeting.locator("#jobs .goods").first
    expect(done).to_contain_text("consignments ranked", timeout=90_000)
    picture(targeting, "a-manifest-loaded")
    done.get_by_role("link", name="Open queue").click()
    expect(targeting.locator("#rows tr[data-row]").first).to_be_visible()


def test_the_list_is_worked_off_approved_and_printed(visit: BrowserContext, served: Served) -> None:
    page = signed_in(visit, "targeting")
    page.locator("article.call").nth(2).get_by_role("link", name="Open queue").click()
    page.wait_for_url(re.compile(r"/queue/\w+\?call="))
    picture(page, "queue")
    settle_what_is_open(page)
    controls = page.locator("#approve button").inner_text()
    page.keyboard.press("a")
    expect(page.locator("#facts")).to_contain_text("approved")
    picture(page, "queue-approved")
    page.get_by_role("link", name="Print control list").click()
    wanted = int("".join(re.findall(r"\d", controls)))
    expect(page.locator("tbody tr")).to_have_count(wanted)
    expect(page.locator(".facts")).to_contain_text("approved")
    page.emulate_media(media="print")
    expect(page.locator(".bar nav")).to_be_hidden()
    expect(page.locator(".signs")).to_be_visible()
    picture(page, "control-list-on-paper")


def open_queue(page: Page) -> None:
    """The queue of the ship that comes last but one."""
    page.locator("article.call").nth(-2).get_by_role("link", name="Open queue").click()
    page.wait_for_url(re.compile(r"/queue/"))


def settle_what_is_open(page: Page) -> None:
    """Gives each row above the line without control one: the first key is a scan."""
    page.get_by_role("link", name=re.compile("Above the line")).click()
    expect(page.locator(".tabs [aria-current]")).to_contain_text("Above the line")
    for _ in range(page.locator("#rows .flag").count()):
        take_in_hand(page, page.locator("#rows tr:has(.flag)").first)
        page.keyboard.press("s")
        expect(page.locator("#toasts")).to_contain_text("Selected")


def test_select_and_undo_change_the_row_and_say_so(targeting: Page) -> None:
    open_queue(targeting)
    while targeting.locator("#rows tr.below[data-row]").count() == 0:
        shown = targeting.locator("#rows tr[data-row]").count()
        targeting.locator("[data-more]").click()
        expect(targeting.locator("#rows tr[data-row]").nth(shown)).to_be_attached()
    row = targeting.locator(f"#{targeting.locator('#rows tr.below[data-row]').first.get_attribute('id')}")
    take_in_hand(targeting, row)
    targeting.keyboard.press("s")
    expect(targeting.locator("#toasts")).to_contain_text("Selected by")
    expect(row).to_contain_text("by an officer")
    expect(row).to_have_class(re.compile("here"))  # what was decided stays in hand
    targeting.keyboard.press("z")
    expect(targeting.locator("#toasts")).to_contain_text("Taken back")
    expect(row).not_to_contain_text("by an officer")


def take_in_hand(page: Page, row: Locator) -> None:
    """Focus on a row, and the side column speaks of it."""
    rank = row.locator(".rank").inner_text()
    row.locator("a.id").focus()
    expect(page.locator("#in-hand h2")).to_have_text(f"Rank {rank}")
    expect(page.locator("#in-hand[class*=htmx]")).to_have_count(0)  # what came is ready to be pressed


def test_a_waiver_asks_for_a_coded_reason_and_keeps_what_was_written(targeting: Page) -> None:
    open_queue(targeting)
    row = targeting.locator("#rows tr[data-row]:not(.below)").first
    ident = row.get_attribute("id")
    take_in_hand(targeting, row)
    targeting.keyboard.press("w")
    dialog = targeting.get_by_role("dialog")
    expect(dialog).to_contain_text("high line")
    picture(targeting, "waiver")
    dialog.get_by_label("Reason", exact=True).select_option("controlled_before")
    dialog.get_by_role("button", name="Waive").click()
    expect(targeting.locator(f"#{ident}")).to_contain_text("waived")


def test_a_refusal_is_told_in_the_dialog_that_asked(targeting: Page) -> None:
    open_queue(targeting)
    row = targeting.locator("#rows tr[data-row]:not(.below)").nth(1)
    take_in_hand(targeting, row)
    targeting.keyboard.press("w")
    dialog = targeting.get_by_role("dialog")
    dialog.get_by_label("Reason", exact=True).select_option("other")
    dialog.get_by_role("button", name="Waive").click()
    expect(dialog.get_by_role("alert")).to_contain_text("needs a note")
    dialog.get_by_role("textbox").fill("Seen this morning with the same goods.")
    dialog.get_by_role("button", name="Waive").click()
    expect(targeting.locator("#toasts")).to_contain_text("Seen this morning")


def test_the_capacity_slider_moves_the_curve_before_anything_is_changed(targeting: Page) -> None:
    open_queue(targeting)
    targeting.goto(targeting.url.split("?")[0])  # the whole run: the list of a ship that is approved stands still
    slide = targeting.locator("#slots-scan")
    slide.wait_for()
    before = targeting.locator("#capacity svg[role=img]").get_attribute("aria-label")
    slide.fill("5")
    expect(targeting.get_by_role("button", name="Take this capacity")).to_be_visible()
    expect(targeting.locator("#capacity svg[role=img]")).not_to_have_attribute("aria-label", before or "")
    targeting.get_by_role("link", name="Leave it as it is").click()
    expect(targeting.locator("#slots-scan")).to_have_value("60")


def test_a_filter_narrows_the_rows_while_one_types(targeting: Page) -> None:
    open_queue(targeting)
    targeting.keyboard.press("f")
    name = targeting.locator("#rows tr[data-row] .id + .id").nth(5).inner_text()
    targeting.keyboard.type(name[:12])
    expect(targeting.locator("#rows tr[data-row]").first).to_contain_text(name[:8])
    assert name[:4] not in targeting.url  # what was typed may be a person's name


def test_the_consignment_shows_its_reasons_its_route_and_the_exact_bytes(targeting: Page) -> None:
    open_queue(targeting)
    targeting.locator("#rows a.id").nth(1).click()
    points = [int(text) for text in targeting.locator(".reasons tbody tr:not(.sum) td.pt").all_inner_texts()]
    assert sum(points) == int(targeting.locator(".reasons tr.sum td.pt").inner_text())
    expect(targeting.locator("svg.map")).to_be_visible()
    expect(targeting.get_by_role("heading", name="Who stands behind it")).to_be_visible()
    picture(targeting, "consignment")
    targeting.locator("a.chip:not(.strong)").first.click()
    expect(targeting.locator("pre mark")).not_to_be_empty()


def test_a_search_for_a_box_opens_its_consignment(targeting: Page) -> None:
    open_queue(targeting)
    box = targeting.locator("#rows a.id").nth(2).inner_text().split(" +")[0]
    targeting.keyboard.press("/")
    targeting.keyboard.type(box.replace(" ", ""))
    targeting.keyboard.press("Enter")
    expect(targeting.locator("h1")).to_contain_text(box)

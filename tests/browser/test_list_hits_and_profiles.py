"""List hits answered one after the other by key, and a profile written, tried, and put in force by a second person."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, BrowserContext, Page, expect
from visiting import Served, picture, signed_in

FAULT = "there is no field mass_per_packag_g here"


def analyst(context: BrowserContext) -> Page:
    """The page of an analyst who has said for what person data is read."""
    page = signed_in(context, "analyst")
    page.goto("/purpose")
    page.locator("input[name=purpose]").first.check()
    page.locator("main form[action='/purpose'] button").click()
    page.wait_for_url(re.compile(r"/$"))
    return page


def answer(page: Page, key: str, reason: str) -> None:
    """Answers the hit in hand by key."""
    page.wait_for_url(re.compile(r"/hits/\w+/\d+"))
    page.wait_for_load_state("load")  # keys are heard from then on
    page.keyboard.press(key)
    dialog = page.locator("dialog[open]").last
    dialog.get_by_label("Reason", exact=True).select_option(reason)
    dialog.locator("[data-submit]").click()


def test_a_hit_is_answered_the_next_is_in_hand_and_the_answer_can_be_taken_back(targeting: Page) -> None:
    targeting.goto("/hits")
    counted = targeting.locator(".tabs [aria-current] .count")
    before = int(counted.inner_text())
    targeting.get_by_role("link", name="KATIM RASIM AL HUMIFAK").first.click()
    expect(targeting.get_by_role("heading", level=1)).to_have_text("Is the shipper the listed person?")
    expect(targeting.locator(".lineup ins")).to_have_text(["K", "Q"])
    picture(targeting, "hit")
    first = targeting.url
    answer(targeting, "y", "details_agree")
    expect(targeting.locator(".goods")).to_contain_text("Answered.")
    assert targeting.url.split("?")[0] != first
    targeting.keyboard.press("z")
    targeting.wait_for_url(first)
    expect(targeting.locator("aside")).to_contain_text("taken back")
    targeting.goto("/hits")
    expect(counted).to_have_text(str(before))


def test_a_sure_hit_is_different_only_once_two_persons_say_so(chromium: Browser, served: Served) -> None:
    contexts = [chromium.new_context(base_url=served.url, locale="en-GB") for _ in range(2)]
    first, second = signed_in(contexts[0], "targeting"), analyst(contexts[1])
    for page in (first, second):
        page.goto("/hits")
        page.get_by_role("link", name="XUE RUIYONG").click()
        answer(page, "n", "common_name")
        page.wait_for_url(re.compile(r"done="))
    first.goto("/hits?view=all")
    row = first.locator("tbody tr", has_text="XUE RUIYONG")
    expect(row).to_contain_text("Different")
    for context in contexts:
        context.close()


def test_the_three_answers_look_alike(targeting: Page) -> None:
    targeting.goto("/hits?view=all")
    targeting.locator("tbody tr a").first.click()
    of_one = "it => [it.color, it.backgroundColor, it.borderColor, it.fontWeight, it.fontSize].join()"
    looks = targeting.locator(".ask .btn").evaluate_all(f"all => all.map(each => getComputedStyle(each)).map({of_one})")
    assert len(looks) == 3
    assert len(set(looks)) == 1


def test_a_profile_is_tried_as_it_is_typed_and_a_fault_is_shown_in_its_place(visit: BrowserContext) -> None:
    page = analyst(visit)
    page.goto("/profiles/new")
    text = page.locator("#profile-text")
    good = text.input_value()
    text.fill(good.replace("mass_per_package_g >", "mass_per_packag_g >"))
    expect(page.locator("#result")).to_contain_text(FAULT)
    expect(page.locator("#result code.bad")).to_contain_text("rule: mass_per_packag_g")
    text.fill(good)
    expect(page.locator("#result")).to_contain_text("of 3,336 consignments")
    page.get_by_label("Find a field by name or meaning").fill("seal")
    expect(page.locator("#completions")).to_contain_text("equipment.seal_count")
    picture(page, "profile-editor")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.locator(".goods")).to_contain_text("Kept as a draft")
    expect(page.locator("main")).to_contain_text("You wrote it; another person puts it in force.")

/** Debian's Chromium, without a window, and what every look at the page holds it to. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

export const chromiumPath: string | undefined = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find(existsSync);

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath as string,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--no-first-run",
      "--disable-dev-shm-usage",
    ],
  });
}

/** Problems of the page as it is now, for whoever sees badly, hears it or has no mouse; and whether it is wider than the window. */
export function accessFindings(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const findings: string[] = [];
    const isSeen = (element: Element) => element.getClientRects().length > 0;
    const nameOf = (element: Element): string => {
      const by = element
        .getAttribute("aria-labelledby")
        ?.split(" ")
        .map((id) => document.getElementById(id)?.textContent ?? "");
      const labels =
        "labels" in element
          ? [...((element as HTMLInputElement).labels ?? [])].map(({ textContent }) => textContent)
          : [];
      return (
        [by?.join(" "), element.getAttribute("aria-label"), ...labels, element.getAttribute("alt"), element.textContent]
          .find((name) => name?.trim())
          ?.trim() ?? ""
      );
    };
    for (const element of document.querySelectorAll(
      "a, button, input, select, textarea, img, progress, table.grid input, [role=log], form[aria-label], section",
    ))
      if (isSeen(element) && nameOf(element) === "") findings.push(`no name: ${element.outerHTML.slice(0, 120)}`);
    for (const element of document.querySelectorAll("button"))
      if (isSeen(element) && !nameOf(element).includes(" ") && element.offsetHeight > 60)
        findings.push(`a button is broken within a word: ${nameOf(element)}`);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    findings.push(...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `two elements are #${id}`));
    if (document.querySelectorAll("main").length !== 1) findings.push("not one main");
    if (document.querySelectorAll("h1").length !== 1) findings.push("not one h1");
    if (document.documentElement.lang === "") findings.push("no language");
    const levels = [...document.querySelectorAll("h1, h2, h3, h4")]
      .filter(isSeen)
      .map(({ tagName }) => Number(tagName[1]));
    levels.forEach((level, at) => {
      if (level > (levels[at - 1] ?? 0) + 1)
        findings.push(`a heading of level ${level} after one of ${levels[at - 1] ?? 0}`);
    });
    for (const cell of document.querySelectorAll("th"))
      if (!cell.hasAttribute("scope")) findings.push(`a heading of a table without scope: ${cell.textContent}`);
    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth) findings.push(`the page is ${wide} px wide in a window of ${innerWidth}`);
    // contrast of text by WCAG 2
    const colour = (text: string) => (text.match(/[\d.]+/g) ?? []).map(Number);
    const light = ([r = 0, g = 0, b = 0]: readonly number[]) => {
      const [x = 0, y = 0, z = 0] = [r, g, b].map((each) =>
        each / 255 <= 0.04045 ? each / 255 / 12.92 : ((each / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const groundOf = (element: Element | null): readonly number[] => {
      for (let at = element; at !== null; at = at.parentElement) {
        const ground = colour(getComputedStyle(at).backgroundColor);
        if ((ground[3] ?? 1) > 0) return ground;
      }
      return [255, 255, 255];
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const element = node.parentElement;
      if (
        element === null ||
        node.textContent?.trim() === "" ||
        !isSeen(element) ||
        element.closest("button:disabled, option, script, noscript, .unseen") !== null
      )
        continue;
      const [one, other] = [light(colour(getComputedStyle(element).color)), light(groundOf(element))];
      const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      if (contrast < 4.5) findings.push(`contrast ${contrast.toFixed(2)}: ${node.textContent?.trim().slice(0, 40)}`);
    }
    return findings;
  });
}

import { expect, test } from "vitest";
import { newSecret } from "../store/index.ts";
import { shownPath } from "./shown-path.ts";

test("a token in a path is not shown, however it is encoded", () => {
  for (let count = 0; count < 50; count += 1) {
    const token = `entrepot_${newSecret()}`;
    const encoded = [...token].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join("");
    for (const given of [token, encoded, encodeURIComponent(encoded), token.toUpperCase(), `x${token}`]) {
      const shown = shownPath(`/api/v1/tokens/${given}`);
      expect(shown).toMatch(/^\/api\/v1\/tokens\/\w+$/);
      expect(shown.toLowerCase()).not.toContain(token.slice(-20));
    }
  }
});

test.each([
  "/",
  "/api/v1/runs/01hf7yat01234/files/par%20ameters.csv",
  "/api/v1/runs/x/files/%",
  `/api/v1/models/${"long-name-".repeat(10)}`,
])("what is none is shown as it is: %s", (path) => {
  expect(shownPath(path)).toBe(path);
});

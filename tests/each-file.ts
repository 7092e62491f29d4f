/** Runs beside every test file: files share their processes, so what one stubs must not outlive its tests. */
import { afterEach, vi } from "vitest";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

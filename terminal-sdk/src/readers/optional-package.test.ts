// Checks what a till without an optional package is told.

import { describe, expect, it } from "vitest";
import { loadOptionalPackage } from "./optional-package.js";
import { ReaderSetupError } from "./reader.js";

describe("loadOptionalPackage", () => {
  it("gives the package", async () => {
    const loaded = await loadOptionalPackage(async () => ({ answer: 42 }), "npm install it");
    expect(loaded.answer).toBe(42);
  });

  it("says what to install where it is missing", async () => {
    const missing = "no-such-package-of-this-name";
    const loading = loadOptionalPackage(() => import(missing), "npm install it");
    await expect(loading).rejects.toBeInstanceOf(ReaderSetupError);
    await expect(loading).rejects.toThrow("run: npm install it");
  });
});

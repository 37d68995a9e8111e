// A test file that replaces a module of others must not share its worker's modules, which its name says.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("whoever replaces a module is named alone, and nobody else is", () => {
  const files = execFileSync("git", ["ls-files", "-z", "*.test.ts"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\0")
    .filter((file) => file !== "");
  expect(files.length).toBeGreaterThan(400);
  const replacing = files.filter((file) =>
    /^vi\.(mock|doMock)\(/m.test(readFileSync(`${root}/${file}`, "utf8")),
  );
  expect(replacing).toEqual(files.filter((file) => file.endsWith(".alone.test.ts")));
});

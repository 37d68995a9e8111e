// `pass-tpe backup`: a copy of the database in the archive at once, by the operator alone, and in the audit trail.

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pathsOfArchive } from "../../gateway/src/archive/paths.js";
import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { basesOf, untilArchived } from "../reliability/archived.js";
import { collected } from "../support/ledger.js";
import { startOperatorsGateway } from "./agents.js";
import { run } from "./command-line.js";

/** Processes start here, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 });

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-backup-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a base is made while the gateway serves, named with its SHA-256, and stands in the audit trail", async () => {
  const archive = join(folder, "archive");
  let driver: Driver | undefined;
  const running = await startOperatorsGateway({
    archive: { folder: archive },
    makeDriver(path) {
      driver = sqliteDriver(path, { isArchived: true });
      return driver;
    },
  });
  await untilArchived({ running, archive });
  const operator = await running.as("operator");
  const credentials = join(folder, "operator.json");
  writeFileSync(credentials, JSON.stringify(operator.credentials), { mode: 0o600 });
  const at = ["--url", running.gateway.operatorUrl, "--credentials", credentials];
  const { code, stdout } = await run(["backup", ...at, "--json"]);
  expect(code).toBe(0);
  const made = JSON.parse(stdout);
  const base = readFileSync(pathsOfArchive(archive).base(2));
  const sha256 = createHash("sha256").update(base).digest("hex");
  expect(made).toMatchObject({ name: "00000002", bytes: base.length, sha256 });
  expect(basesOf(archive).map(({ no }) => no)).toEqual([1, 2]);
  const trail = await collected(driver?.events({ subject: "archive" }) ?? []);
  expect(trail.map(({ type, agentId }) => [type, agentId])).toEqual([
    ["backup.asked", "operator-1"],
    ["backup.answered", "operator-1"],
  ]);
  expect(trail[1]?.notes).toEqual([`asked ${trail[0]?.id}`, "base 00000002", `sha256 ${sha256}`]);
  const region = await running.as("region");
  expect(await region.post("/v1/backups")).toMatchObject({ status: 403 });
  expect(await operator.get("/v1/backups/progress")).toEqual({
    status: 200,
    body: { progress: null },
  });
  await running.stop();
});

test("a gateway without an archive says so", async () => {
  const running = await startOperatorsGateway();
  const operator = await running.as("operator");
  expect(await operator.post("/v1/backups")).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("--archive") },
  });
  await running.stop();
});

test("a gateway whose archive cannot be written does not start, and leaves nothing open", async () => {
  const archive = { folder: join(folder, "no", "disk") };
  const dataFolder = join(folder, "data");
  const start = startOperatorsGateway({ dataFolder, archive });
  await expect(start).rejects.toThrow(/the archive .* cannot be written .*--archive/);
  const running = await startOperatorsGateway({ dataFolder });
  await running.stop();
});

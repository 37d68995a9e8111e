// Short runs of chaos and soak on real processes, and a gateway that answers too early, which they must find.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { RULE } from "../../simulators/src/checker/index.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { describeSystem } from "../support/suites.js";
import { assertBuilt } from "./gateway-process.js";

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const CHAOS = fromRoot("simulators/dist/chaos/main.js");
const SOAK = fromRoot("simulators/dist/chaos/soak/main.js");
const CARELESS = fromRoot("tests/reliability/careless-gateway.mjs");
const TIMEOUT_MS = 300_000;
/** The machine of a test may be shared by many: what is promised is held to where it is quiet. The report has both. */
const READY_MS = 20_000;

interface Run {
  readonly exitCode: number | null;
  readonly report: Readonly<Record<string, unknown>>;
}

/** Runs a built program to its end; what it says on the way is shown. */
async function run(program: string, args: readonly string[]): Promise<Run> {
  assertBuilt(program);
  const child = spawn(process.execPath, [program, ...args, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  // It ends what it has started.
  onTestFinished(() => void child.kill("SIGTERM"));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const said = await text(child.stdout);
  const exitCode = await ended;
  return { exitCode, report: said === "" ? {} : JSON.parse(said) };
}

test(
  "kills, pauses, bad networks and full disks lose nothing, double nothing, leave nothing in doubt",
  async () => {
    const { exitCode, report } = await run(CHAOS, [
      ...["--kills", "10", "--terminals", "4", "--ready-ms", `${READY_MS}`],
    ]);
    expect(report).toMatchObject({ violations: [], gateway: { kills: 10 }, readyMsMax: READY_MS });
    // Each kill that struck was followed by a start in time, or by one on a disk that was full.
    const fullDisks = Number(report["fullDisks"]);
    const { count, max } = Object(report["readyMs"]);
    expect(count).toBeGreaterThanOrEqual(10 - fullDisks);
    expect(max).toBeLessThanOrEqual(READY_MS);
    expect(exitCode).toBe(0);
    expect(report["sales"]).toMatchObject({ unknownEnds: { stillOpen: 0 } });
    expect(Number(Object(report["sales"])["approved"])).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

describeSystem("postgres")("a ledger on PostgreSQL", () => {
  const postgres = testPostgres({ isDurable: true });

  test(
    "loses nothing, doubles nothing and leaves nothing in doubt under the same",
    async () => {
      const { url } = await postgres.database();
      const { exitCode, report } = await run(CHAOS, [
        ...["--kills", "6", "--terminals", "4", "--ready-ms", `${READY_MS}`, "--database", url],
      ]);
      expect(report).toMatchObject({ violations: [], gateway: { kills: 6 }, fullDisks: 0 });
      expect(exitCode).toBe(0);
      expect(report["sales"]).toMatchObject({ unknownEnds: { stillOpen: 0 } });
      expect(Number(Object(report["sales"])["approved"])).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});

test(
  "a gateway that answers before its commit is durable is found, with the seed and the traces",
  async () => {
    const disk = mkdtempSync(join(tmpdir(), "pass-tpe-careless-"));
    onTestFinished(() => rmSync(disk, { recursive: true, force: true }));
    const { exitCode, report } = await run(CHAOS, [
      ...["--kills", "8", "--terminals", "4", "--disk", disk, "--gateway", CARELESS],
      ...["--ready-ms", `${READY_MS}`],
    ]);
    const { violations, folder, seed } = report;
    onTestFinished(() => rmSync(String(folder), { recursive: true, force: true }));
    expect(exitCode).toBe(1);
    expect(violations).toContainEqual(expect.objectContaining({ rule: RULE.approvalKept }));
    expect(seed).toEqual(expect.any(Number));
    expect(folder).toEqual(expect.stringContaining("pass-tpe-chaos-"));
  },
  TIMEOUT_MS,
);

test(
  "three thousand sales leave memory, files and journals as they should be",
  async () => {
    const { exitCode, report } = await run(SOAK, ["--hours", "0.85", "--terminals", "10"]);
    expect(report).toMatchObject({ faults: [], sales: 3_060 });
    expect(Number(report["approved"])).toBeGreaterThan(1_500);
    expect(exitCode).toBe(0);
  },
  TIMEOUT_MS,
);

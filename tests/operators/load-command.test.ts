// `pass-tpe load` as an operator meets it: bad lines told, killed and interrupted loads resumed, wrong files refused.

import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type AgentClient, type OperatorsGateway, startOperatorsGateway } from "./agents.js";
import { type Running, run, start } from "./command-line.js";
import { aPupil, ordered, type Pupil, validated } from "./events.js";

/** Processes start and thousands of lines load here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS });

let running: OperatorsGateway;
let operator: AgentClient;
let folder: string;
let file: string;
let credentials: string;

beforeAll(async () => {
  running = await startOperatorsGateway();
  operator = await running.as("operator");
});

afterAll(() => running.stop());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-load-"));
  file = join(folder, "events.ndjson");
  credentials = join(folder, "operator.json");
  writeFileSync(credentials, JSON.stringify(operator.credentials));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const command = (...more: readonly string[]) => {
  const to = ["--url", running.gateway.operatorUrl, "--credentials", credentials];
  return ["load", file, ...to, "--json", ...more];
};
const rejected = () =>
  readFileSync(`${file}.rejected.ndjson`, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Writes a file of pupils with a line that is no JSON after the first hundred, and at the end. */
function writePupils(count: number): {
  readonly pupils: readonly Pupil[];
  readonly bad: readonly number[];
} {
  const pupils = Array.from({ length: count }, aPupil);
  const lines = pupils
    .flatMap((pupil) => [ordered(pupil), validated(pupil)])
    .map((it) => JSON.stringify(it));
  lines.splice(100, 0, "no JSON");
  lines.push("no JSON either");
  writeFileSync(file, lines.join("\n"));
  return { pupils, bad: [101, lines.length] };
}

const progressLine = (): number =>
  existsSync(`${file}.progress`) ? JSON.parse(readFileSync(`${file}.progress`, "utf8")).line : 0;

/** Resolves when the load has noted for the first time that lines were answered. */
function firstProgress(): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_type, name) => {
      if (name !== `${basename(file)}.progress` || progressLine() === 0) return;
      watcher.close();
      resolve();
    });
  });
}

const grantsOf = async () => (await running.gateway.operator.verify()).grants;

test("good lines load, bad ones are written down with number and reason, and nothing of the file with them", async () => {
  const { pupils, bad } = writePupils(60);
  const { code, stdout, stderr } = await run(command());
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ended: "complete", applied: 120, rejected: 2 });
  expect(rejected()).toMatchObject(bad.map((line) => ({ line, code: "FORMAT_ERROR" })));
  expect(statSync(`${file}.rejected.ndjson`).mode & 0o077).toBe(0);
  expect(stderr).toContain("122/122 lines (100 %)");
  expect(existsSync(`${file}.progress`)).toBe(false);
  for (const { id } of pupils.slice(-1)) {
    expect((await operator.get(`/v1/beneficiaries/${id}`)).status).toBe(200);
  }
});

test("a file without a bad line ends with 0, and again, and changes nothing the second time", async () => {
  writeFileSync(file, `${JSON.stringify(ordered(aPupil()))}\r\n\n`);
  expect((await run(command())).code).toBe(0);
  const before = await grantsOf();
  const again = await run(command("--from-start"));
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ rejected: 0 });
  expect(await grantsOf()).toBe(before);
  expect(existsSync(`${file}.rejected.ndjson`)).toBe(false);
});

test.each(["SIGKILL", "SIGINT"] as const)(
  "a load that is ended by %s goes on where it stopped, and doubles nothing",
  async (signal) => {
    const { pupils, bad } = writePupils(1_500);
    const before = await grantsOf();
    const loading: Running = start(command());
    await firstProgress();
    loading.kill(signal);
    const { code, stderr } = await loading.ended;
    const { line } = JSON.parse(readFileSync(`${file}.progress`, "utf8"));
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThan(bad[1] ?? 0);
    if (signal === "SIGINT") {
      expect(code).toBe(130);
      expect(stderr).toContain(`goes on at line ${line + 1}`);
    }

    const resumed = await run(command());
    expect(resumed.code).toBe(1);
    expect(JSON.parse(resumed.stdout)).toMatchObject({
      ended: "complete",
      after: line,
      rejected: 2,
    });
    expect(rejected().map((it) => it.line)).toEqual(bad);
    const [first] = pupils;
    const { body } = await operator.get(`/v1/beneficiaries/${first?.id}`);
    expect(await grantsOf()).toBe(before + pupils.length * (body["grants"] as object[]).length);
  },
);

test("a load whose gateway is not there stops with 3 and loses nothing", async () => {
  writePupils(3);
  const nowhere = ["load", file, "--url", "https://127.0.0.1:9", "--credentials", credentials];
  const { code, stderr } = await run(nowhere);
  expect(code).toBe(3);
  expect(stderr).toContain("goes on at line 1");
});

test("a load that the gateway refuses stops with 3 and says why", async () => {
  writePupils(3);
  const till = await running.terminal();
  writeFileSync(credentials, JSON.stringify(till));
  const { code, stderr } = await run(command());
  expect(code).toBe(3);
  expect(stderr).toContain("Terminals call their own listener");
});

/** A load that stopped before its first line, because a terminal's credentials were given. */
async function stopAtStart(...more: readonly string[]): Promise<Record<string, unknown>> {
  writePupils(3);
  writeFileSync(credentials, JSON.stringify(await running.terminal()));
  expect((await run(command(...more))).code).toBe(3);
  writeFileSync(credentials, JSON.stringify(operator.credentials));
  return JSON.parse(readFileSync(`${file}.progress`, "utf8"));
}

const changeProgress = (progress: object) =>
  writeFileSync(`${file}.progress`, JSON.stringify(progress));

test.each([
  ["file", "of another file", { bytes: 1 }],
  ["address", "into https://other:1/", { url: "https://other:1/" }],
  ["authority", "another authority", { authority: "00" }],
  ["file of rejected lines", "--rejected /other", { rejectedPath: "/other" }],
])("progress of another %s is not gone on from", async (_what, reason, change) => {
  changeProgress({ ...(await stopAtStart()), line: 2, applied: 2, ...change });
  const { code, stderr } = await run(command());
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
  expect(stderr).toContain("--from-start");
  const again = await run(command("--from-start"));
  expect(again.code).toBe(1);
  expect(JSON.parse(again.stdout)).toMatchObject({ after: 0, applied: 6 });
});

test.each([
  ["the file itself", () => file],
  ["the credentials", () => credentials],
  ["the progress", () => `${file}.progress`],
  ["a file of somebody else's", () => join(folder, "accounts.txt")],
])("rejected lines are never written over %s", async (_what, path) => {
  writePupils(3);
  writeFileSync(join(folder, "accounts.txt"), "mine");
  const before = existsSync(path()) ? readFileSync(path(), "utf8") : null;
  for (const more of [[], ["--from-start"]]) {
    const { code, stderr } = await run(command("--rejected", path(), ...more));
    expect(code).toBe(2);
    expect(stderr).toContain(path());
  }
  expect(existsSync(path()) ? readFileSync(path(), "utf8") : null).toBe(before);
});

test("a load whose rejected lines were lost in part begins again", async () => {
  const progress = await stopAtStart();
  changeProgress({ ...progress, line: 7, applied: 6, rejected: 1, rejectedBytes: 80 });
  const { code, stdout } = await run(command());
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ after: 0, applied: 6, rejected: 2 });
  expect(rejected()).toHaveLength(2);
});

test("a full disk stops the load with 3, and names the file", async () => {
  const full = "/dev/full";
  changeProgress({ ...(await stopAtStart()), rejectedPath: full });
  const { code, stderr } = await run(command("--rejected", full));
  expect(code).toBe(3);
  expect(stderr).toContain("/dev/full cannot be written: ENOSPC");
  expect(stderr).not.toContain("    at ");
});

test("a load that was not answered line by line is not told to be complete", async () => {
  const progress = await stopAtStart();
  changeProgress({ ...progress, line: 4, applied: 3 });
  const { code, stderr } = await run(command());
  expect(code).toBe(3);
  expect(stderr).toContain("7 answers came for 8 lines");
  expect(existsSync(`${file}.progress`)).toBe(true);
});

test("what was taken in and is unusual is written down for review", async () => {
  const convention = {
    reference: "C-1-moved",
    state: "IN_FORCE",
    firstDay: "2022-06-01",
    lastDay: "2027-06-30",
    signature: { reference: "SIGN-1", at: "2022-05-20T10:00:00+02:00" },
  };
  const saved = { type: "convention.saved", partner: "P-1" };
  const events = [
    { ...saved, id: randomUUID(), convention },
    { ...saved, id: randomUUID(), convention: { ...convention, lastDay: "2028-06-30" } },
  ];
  writeFileSync(file, events.map((event) => JSON.stringify(event)).join("\n"));
  const { code, stdout, stderr } = await run(command());
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ noted: 1, notesFile: `${file}.notes.ndjson` });
  expect(stderr).toContain("1 lines loaded with notes for review");
  expect(JSON.parse(readFileSync(`${file}.notes.ndjson`, "utf8"))).toMatchObject({
    line: 2,
    id: events[1]?.id,
    notes: [expect.stringContaining("C-1-moved")],
  });
});

test.each([
  ["is missing", "cannot be read", () => rmSync(file, { force: true })],
  [
    "is a folder",
    "is not a file",
    () => {
      file = folder;
    },
  ],
  ["is empty", "is empty", () => writeFileSync(file, "")],
  [
    "is no text",
    "no line of JSON",
    () => writeFileSync(file, Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0xfe, 0])),
  ],
  [
    "has no JSON on any line",
    "no line of JSON",
    () => writeFileSync(file, "id;type\n1;card.ordered\n"),
  ],
])("a file that %s is refused before anything is sent", async (_what, reason, write) => {
  write();
  const { code, stderr } = await run(command());
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
  expect(stderr).not.toContain("    at ");
});

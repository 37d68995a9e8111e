// `pass-tpe load` as an operator meets it: bad lines told, killed and interrupted loads resumed, wrong files refused.

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

/** Resolves when the load has noted its progress for the first time. */
function firstProgress(): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_type, name) => {
      if (name !== `${basename(file)}.progress` || !existsSync(`${file}.progress`)) return;
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

test("progress of another file is not gone on from", async () => {
  writePupils(3);
  writeFileSync(
    `${file}.progress`,
    JSON.stringify({
      bytes: 1,
      digest: "x",
      line: 2,
      applied: 2,
      unchanged: 0,
      rejected: 0,
      rejectedBytes: 0,
    }),
  );
  const { code, stderr } = await run(command());
  expect(code).toBe(2);
  expect(stderr).toContain("--from-start");
  expect((await run(command("--from-start"))).code).toBe(1);
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

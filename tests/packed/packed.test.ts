import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CONSUMER = fileURLToPath(new URL("consumer.mjs", import.meta.url));
const PACKED = ["gateway/protocol", "terminal-sdk", "simulators"];

/** Packing and installing some tens of packages, from the cache or from the registry. */
const INSTALL_TIMEOUT_MS = 300_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

let folder: string;
let till: string;

const run = promisify(execFile);
const start = (file: string, args: readonly string[], cwd: string) =>
  run(file, args, { cwd, maxBuffer: OUTPUT_BYTES_MAX });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pass-tpe-packed-"));
  till = join(folder, "till");
  await mkdir(till);
  await start(process.execPath, ["node_modules/typescript/bin/tsc", "-b", ...PACKED], ROOT);
  const workspaces = PACKED.map((path) => `./${path}`);
  await start(
    "npm",
    ["pack", ...workspaces, "--ignore-scripts", "--pack-destination", folder],
    ROOT,
  );
  const tarballs = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  expect(tarballs).toHaveLength(PACKED.length);
  await writeFile(
    join(till, "package.json"),
    '{ "name": "till", "private": true, "type": "module" }',
  );
  const paths = tarballs.map((name) => join(folder, name));
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await start("npm", ["install", ...paths, ...quiet, "--omit=optional"], till);
}, INSTALL_TIMEOUT_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every installed package by name, however deep. */
async function installed(): Promise<string[]> {
  const lock: unknown = JSON.parse(
    await readFile(join(till, "node_modules/.package-lock.json"), "utf8"),
  );
  const packages = Object(Object(lock).packages);
  return Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, ""));
}

test("the packed SDK makes a sale against the packed double in an empty folder", async () => {
  await copyFile(CONSUMER, join(till, "consumer.mjs"));
  const { stdout, stderr } = await start(process.execPath, ["consumer.mjs"], till);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toMatchObject({
    outcome: "approved",
    code: "APPROVED",
    moneyMoved: "yes",
    amountCents: 1800,
    collectCents: 0,
    remaining: { unit: "EUR_CENT", value: 1200 },
  });
});

test("the first sale of the README runs as it stands there", async () => {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const code = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  expect(code.trim().split("\n")).toHaveLength(8);
  const imports = [
    'import { Terminal } from "@pass-tpe/terminal-sdk";',
    'import { gatewayDouble, simulatedReader } from "@pass-tpe/simulators";',
    'import { setupServer } from "msw/node";',
  ];
  await writeFile(join(till, "readme.mjs"), [...imports, code].join("\n"));
  const { stdout } = await start(process.execPath, ["readme.mjs"], till);
  expect(stdout.trim()).toBe(/\/\/ (approved .*)/.exec(code)?.[1]);
});

test("neither brings a web server, a database or anything of the gateway", async () => {
  const names = await installed();
  expect(names).toEqual(expect.arrayContaining(["@pass-tpe/terminal-sdk", "zod", "msw"]));
  // node-forge is there: it makes the certificate request of an enrolment, and PKCS#12, which Node cannot.
  for (const foreign of ["express", "better-sqlite3", "pino", "prom-client", "@pass-tpe/gateway"]) {
    expect(names).not.toContain(foreign);
  }
});

test("each package carries its licence and says what it is", async () => {
  for (const name of ["protocol", "terminal-sdk", "simulators"]) {
    const home = join(till, "node_modules/@pass-tpe", name);
    expect(await readFile(join(home, "LICENSE"), "utf8")).toContain("MIT License");
    expect(await readFile(join(home, "README.md"), "utf8")).toContain(`@pass-tpe/${name}`);
  }
});

test("a till installs no test code and no sources", async () => {
  for (const name of ["protocol", "terminal-sdk", "simulators"]) {
    const home = join(till, "node_modules/@pass-tpe", name);
    expect(await readdir(home)).not.toContain("src");
    const files = await readdir(home, { recursive: true });
    expect(files.filter((path) => /\.test\./.test(path))).toEqual([]);
  }
});

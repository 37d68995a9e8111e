// `pass-tpe account open` against a running gateway: the code it prints opens the account, and refusals are told.

import { writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { account } from "../../gateway/src/cli/account.js";
import { UsageError } from "../../gateway/src/cli/command.js";
import { tempFiles } from "../support/temp-folder.js";
import { BIRTH_DAY, type HoldersGateway, PASSWORD, startHoldersGateway } from "./rig.js";

/** Slow hashes and a whole gateway, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });

let running: HoldersGateway;
let credentials: string;
const newFile = tempFiles();
const printed = { stdout: "", stderr: "" };

beforeAll(async () => {
  running = await startHoldersGateway();
});
afterAll(() => running.stop());
afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs the command as the operator, and reads what it prints. */
async function open(...args: readonly string[]): Promise<number> {
  credentials ??= newFile();
  writeFileSync(credentials, JSON.stringify(running.operator.credentials));
  for (const name of ["stdout", "stderr"] as const) {
    printed[name] = "";
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
  const to = ["--url", running.gateway.operatorUrl, "--credentials", credentials];
  return account.run([...args, ...to]);
}

test("prints a code that opens the account, until when it holds, and as JSON where that is asked", async () => {
  const { id } = await running.pupil();
  const asked = ["open", "--beneficiary", id, "--birth-day", BIRTH_DAY];
  expect(await open(...asked)).toBe(0);
  expect(printed.stdout).toMatch(new RegExp(`^${id}  [0-9A-Z-]{19}  until \\S+Z\n$`));
  expect(await open(...asked, "--json")).toBe(0);
  const { openingCode } = JSON.parse(printed.stdout);
  const opening = { dossier: id, openingCode, password: PASSWORD };
  expect(await running.ask("/v1/account/opening", opening)).toMatchObject({ status: 200 });
});

test("ends with 1 and the reason for a dossier that is not known, or a day that is none", async () => {
  expect(await open("open", "--beneficiary", "D-NOBODY", "--birth-day", BIRTH_DAY)).toBe(1);
  expect(printed.stderr).toContain("UNKNOWN_SUBJECT");
  expect(await open("open", "--beneficiary", "D-NOBODY", "--birth-day", "29/03/2007")).toBe(1);
  expect(printed.stderr).toContain("/birthDay");
});

test.each([
  [["close", "--beneficiary", "D-1", "--birth-day", BIRTH_DAY]],
  [["open", "D-1", "--birth-day", BIRTH_DAY]],
  [["open", "--birth-day", BIRTH_DAY]],
  [["open", "--beneficiary", "D-1"]],
])("does not run as account %j", async (args) => {
  await expect(open(...args)).rejects.toThrow(UsageError);
});

// `pass-tpe settle`, `settlement`, `statement` and `alerts` as an operator meets them: what is told, kept, refused.

import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Command, UsageError } from "../../gateway/src/cli/command.js";
import { alerts } from "../../gateway/src/cli/settlement/alerts.js";
import { settle } from "../../gateway/src/cli/settlement/settle.js";
import { settlement } from "../../gateway/src/cli/settlement/settlement.js";
import { statement } from "../../gateway/src/cli/settlement/statement.js";
import { terminal } from "../../gateway/src/cli/terminal/command.js";
import { AGENTS } from "./agents.js";
import { run } from "./command-line.js";
import {
  LAST_DAY,
  PAYMENT_FILE,
  REPORT,
  type SettlementRig,
  startSettlementRig,
} from "./settlement-rig.js";

/** Processes start here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS });

let rig: SettlementRig;
let credentials: string;
let folder: string;

beforeAll(async () => {
  rig = await startSettlementRig();
  credentials = JSON.stringify(await rig.credentials(AGENTS.operator));
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-settlement-"));
  writeFileSync(credentialsFile(), credentials);
});

afterEach(() => {
  rig.reset();
  rmSync(folder, { recursive: true, force: true });
});

afterAll(() => rig.stop());

const credentialsFile = () => join(folder, "operator.json");
const passTpe = (...args: readonly string[]) =>
  run([...args, "--url", rig.url, "--credentials", credentialsFile()]);

describe("settle", () => {
  test("tells payments, what is held and why, and what to do next", async () => {
    const { code, stdout, stderr } = await passTpe("settle", "--last-day", LAST_DAY);
    expect(code).toBe(0);
    expect(stdout).toContain(`settlement  ${LAST_DAY} (filed)`);
    expect(stdout).toContain("payments    2, 1234.56 EUR");
    expect(stdout).toContain("held        50.00 EUR, lines: JUSTIFICATIF_MISSING 1\n");
    expect(stderr).toContain(`next: pass-tpe settlement file ${LAST_DAY}`);
  });

  test("tells the whole report as JSON", async () => {
    const { stdout } = await passTpe("settle", "--json");
    expect(JSON.parse(stdout)).toEqual(REPORT);
  });

  test("that the gateway refuses ends with 1 and says why", async () => {
    const detail = "The period ends tomorrow.";
    rig.answer({ settle: async () => ({ type: "refused", code: "NOT_OVER", detail }) });
    const { code, stdout, stderr } = await passTpe("settle");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`NOT_OVER: ${detail}`);
  });

  test("with a day that is none ends with 1 and names the field", async () => {
    const { code, stderr } = await passTpe("settle", "--last-day", "sunday");
    expect(code).toBe(1);
    expect(stderr).toContain("/lastDay must be a date YYYY-MM-DD");
  });

  test("whose gateway is not there, or fails, ends with 3 and can be given again", async () => {
    const to = ["--url", "https://127.0.0.1:9", "--credentials", credentialsFile()];
    const nowhere = ["settle", ...to];
    const away = await run(nowhere);
    expect(away.code).toBe(3);
    expect(away.stderr).toContain("no answer from https://127.0.0.1:9");
    expect(away.stderr).toContain("Give the same command again.");
    rig.answer({ settle: () => Promise.reject(new Error("a bug")) });
    expect((await passTpe("settle")).code).toBe(3);
  });
});

describe("settlement", () => {
  const file = () => join(folder, "payments.xml");
  const fetch = (...more: readonly string[]) =>
    passTpe("settlement", "file", LAST_DAY, "--out", file(), ...more);

  test("list tells each on a line, and a period that waits to be settled", async () => {
    const settled = await passTpe("settlement", "list");
    expect(settled.code).toBe(0);
    expect(settled.stdout.split("\n").filter(Boolean)).toHaveLength(1);
    expect(settled.stderr).toBe("");
    rig.answer({ lastClosedDay: () => "2023-03-12" });
    expect((await passTpe("settlement", "list")).stderr).toContain(
      "the period that ended on 2023-03-12 is not settled yet",
    );
  });

  test("show tells one, and ends with 1 where there is none", async () => {
    expect((await passTpe("settlement", "show", LAST_DAY)).stdout).toContain("1234.56 EUR");
    const none = await passTpe("settlement", "show", "2023-02-26");
    expect(none.code).toBe(1);
    expect(none.stderr).toContain("UNKNOWN_SUBJECT");
  });

  test("file keeps the bytes for their owner's eyes, and changes nothing the second time", async () => {
    expect((await fetch()).code).toBe(0);
    expect(readFileSync(file(), "utf8")).toBe(PAYMENT_FILE);
    expect(statSync(file()).mode & 0o077).toBe(0);
    const { ino } = statSync(file());
    const again = await fetch();
    expect(again.code).toBe(0);
    expect(again.stderr).toContain("with the same content");
    expect(statSync(file()).ino).toBe(ino);
    expect(readdirSync(folder).toSorted()).toEqual(["operator.json", "payments.xml"]);
  });

  test("file is never written over another but with --replace", async () => {
    writeFileSync(file(), "mine");
    const refused = await fetch();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("--replace");
    expect(readFileSync(file(), "utf8")).toBe("mine");
    const replaced = await fetch("--replace");
    expect(replaced.code).toBe(0);
    expect(replaced.stderr).toContain("replaced");
    expect(readFileSync(file(), "utf8")).toBe(PAYMENT_FILE);
  });

  test("file into a folder that is not there ends with 2 and names it", async () => {
    const path = join(folder, "none", "payments.xml");
    const { code, stderr } = await passTpe("settlement", "file", LAST_DAY, "--out", path);
    expect(code).toBe(2);
    expect(stderr).toContain(`${path} cannot be written`);
  });

  test("file that is refused leaves none", async () => {
    const out = join(folder, "other.xml");
    expect((await passTpe("settlement", "file", "2023-02-26", "--out", out)).code).toBe(1);
    expect(existsSync(out)).toBe(false);
  });

  test("accounts keeps the accounts' file", async () => {
    const out = join(folder, "accounts.csv");
    expect((await passTpe("settlement", "accounts", LAST_DAY, "--out", out)).code).toBe(0);
    expect(readFileSync(out, "utf8")).toBe("compte;montant\r\n");
  });

  test("returns sends the report as it is, and tells what became of each payment", async () => {
    const sent: string[] = [];
    const of = { settlement: LAST_DAY, no: 1, partnerId: "P-1" } as const;
    rig.answer({
      readStatusReport: async (file) => {
        sent.push(Buffer.from(file).toString("utf8"));
        return { type: "read", outcomes: [{ ...of, outcome: "applied" }] };
      },
    });
    const report = join(folder, "pain002.xml");
    writeFileSync(report, "<Document>é</Document>");
    const { code, stdout } = await passTpe("settlement", "returns", report);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${LAST_DAY}  1  P-1  applied\n` });
    expect(sent).toEqual(["<Document>é</Document>"]);
  });

  test("returns ends with 1 when a payment is unknown or contradicts what was told before", async () => {
    writeFileSync(join(folder, "r.xml"), "<Document/>");
    const of = { settlement: LAST_DAY, no: 7 } as const;
    rig.answer({
      readStatusReport: async () => ({
        type: "read",
        outcomes: [
          { ...of, partnerId: null, outcome: "unknown" },
          { ...of, partnerId: "P-1", outcome: "contradiction" },
          { ...of, partnerId: "P-1", outcome: "unchanged" },
        ],
      }),
    });
    const { code, stderr } = await passTpe("settlement", "returns", join(folder, "r.xml"));
    expect(code).toBe(1);
    expect(stderr).toContain("2 of 3 payments");
  });
});

describe("statement", () => {
  const days = ["--from", "2023-01-01", "--to", "2023-01-31"];

  test.each(["csv", "html"])("keeps a partner's statement as %s", async (format) => {
    const out = join(folder, "statement");
    const { code } = await passTpe("statement", "P-1", ...days, "--format", format, "--out", out);
    expect(code).toBe(0);
    expect(readFileSync(out, "utf8")).toBe(`${format} of P-1\n`);
  });

  test("of nobody ends with 1", async () => {
    const { code, stderr } = await passTpe("statement", "P-NONE", ...days);
    expect(code).toBe(1);
    expect(stderr).toContain("There is no partner of this id");
  });
});

describe("alerts", () => {
  const days = ["--from", "2023-01-01", "--to", "2023-01-31"];
  const alert = {
    kind: "MANY_PSC1",
    partnerId: "P-1",
    day: "2023-01-09",
    words: "16 débits « PSC1 » en 60 minutes.",
    figures: { debits: 16 },
  } as const;

  test("are told one a line, in French, or as JSON with their figures", async () => {
    rig.answer({ alerts: async () => [alert] });
    const { code, stdout, stderr } = await passTpe("alerts", ...days);
    expect(code).toBe(0);
    expect(stdout).toBe(`2023-01-09  P-1  MANY_PSC1  ${alert.words}\n`);
    expect(stderr).toContain("1 alert from 2023-01-01 to 2023-01-31");
    const asJson = await passTpe("alerts", ...days, "--json");
    expect(JSON.parse(asJson.stdout)).toEqual({ alerts: [alert] });
  });
});

const COMMANDS: readonly Command[] = [settle, settlement, statement, alerts, terminal];

test.each([
  [["settlement"], "settlement does one of list, show, file, accounts, returns"],
  [["settlement", "constructor"], "settlement does one of"],
  [["settlement", "show"], "DAY is needed"],
  [["settlement", "returns"], "FILE.xml is needed"],
  [["settlement", "returns", "/none.xml"], "/none.xml cannot be read"],
  [["statement", "P-1", "--to", "2023-01-31"], "--from is needed"],
  [["statement", "P-1", "--from", "x", "--to", "y", "--format", "pdf"], "one of csv, html"],
  [["alerts", "--from", "2023-01-31"], "--to is needed"],
  [["terminal", "refund", "T-1"], "SALE is needed"],
  [["terminal", "sell", "T-1", "x"], "terminal does one of"],
  [["terminal", "capture", "T-1", "x", "--quantity", "0"], "--quantity must be a whole number"],
  [["terminal", "reverse", "T-1", "x", "--quantity", "1"], "--quantity is for capture and refund"],
  [["terminal", "capture", "T-1", "x", "--automatic"], "--automatic is for reverse"],
  [["terminal", "capture", "T-1", "x", "--refund-id", "x"], "--refund-id is for refund"],
  [["terminal", "refund", "T-1", "x", "--quantity", "1", "--amount-cents", "1"], "not both"],
  [["terminal", "enrol"], "TERMINAL is needed"],
  [["terminal", "enrol", "T-1"], "--point-of-sale is needed"],
  [["terminal", "enrol", "T-1", "--point-of-sale", "x", "--valid-minutes", "0"], "whole number"],
  [["terminal", "revoke"], "TERMINAL is needed"],
  [["terminal", "revoke", "T-1", "T-2"], "T-2 is one word too many"],
  [["terminal", "list"], "--partner is needed"],
  [["terminal", "list", "--partner", "P-1", "--point-of-sale", "x"], "is for enrol, not for list"],
])("%j is a wrong command, and says what is needed", async (args, words) => {
  const [name, ...rest] = args;
  const command = COMMANDS.find((it) => it.name === name);
  const wrong = command?.run([...rest, "--url", rig.url, "--credentials", credentialsFile()]);
  await expect(wrong).rejects.toThrow(UsageError);
  await expect(wrong).rejects.toThrow(words);
});

test("a wrong command ends with 2", async () => {
  expect((await passTpe("settlement", "show")).code).toBe(2);
});

test.each(COMMANDS)(
  "$name --help tells how to use it, its options and its exit codes",
  ({ name, help }) => {
    for (const it of [`Usage: pass-tpe ${name}`, "--url", "--credentials", "It ends with 0"]) {
      expect(help).toContain(it);
    }
  },
);

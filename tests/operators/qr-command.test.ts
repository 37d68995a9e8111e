// `pass-tpe qr` against a running gateway: its pictures are read by the SDK's own reader, and pay.

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLuhn } from "@pass-tpe/protocol/standards";
import { imageQrReader } from "@pass-tpe/terminal-sdk";
import { PNG } from "pngjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { fromPng } from "../../fixtures/qr/make.js";
import { UsageError } from "../../gateway/src/cli/command.js";
import { qr } from "../../gateway/src/cli/qr/command.js";
import { type RawTill, rawTill } from "../codes/raw-till.js";
import { openRecorded } from "../hardware/reader-events.js";
import { TEST_PIN } from "../support/running-gateway.js";
import { tempFiles } from "../support/temp-folder.js";
import { type OperatorsGateway, startOperatorsGateway } from "./agents.js";

const numberAt = (at: number) => withLuhn(`91600000000${String(at).padStart(4, "0")}`);

let running: OperatorsGateway;
let till: RawTill;
let to: readonly string[];
let out: string;
const newFile = tempFiles();
const printed = { stdout: "", stderr: "" };

beforeAll(async () => {
  running = await startOperatorsGateway();
  till = rawTill(running.gateway.url, await running.terminal());
  const credentials = newFile("operator.json");
  writeFileSync(credentials, JSON.stringify((await running.as("operator")).credentials));
  to = ["--url", running.gateway.operatorUrl, "--credentials", credentials];
});

beforeEach(() => {
  out = newFile("codes");
});

afterEach(() => {
  vi.restoreAllMocks();
});

afterAll(async () => {
  till.close();
  await running.stop();
});

/** Runs the command as the operator, and reads what it prints. */
async function passTpeQr(...args: readonly string[]): Promise<number> {
  for (const name of ["stdout", "stderr"] as const) {
    printed[name] = "";
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
  return qr.run([...args, "--out", out, ...to]);
}

const content = (name: string) => readFileSync(join(out, name));
const textOf = (name: string) => content(name).toString("ascii").trimEnd();

/** What a till's camera reads of a picture. */
async function readByTheSdk(name: string): Promise<string> {
  const { reader, next } = await openRecorded(imageQrReader({ frames: [fromPng(content(name))] }));
  reader.arm();
  const { presented } = await next("presented");
  await reader.close();
  if (presented.kind !== "qr") throw new Error(`read as ${presented.kind}`);
  return presented.text;
}

async function pay(token: string, cardNumber: string): Promise<unknown> {
  const pinBlock = till.pinBlock(cardNumber, TEST_PIN);
  const evidence = { type: "qr", token, pinBlock } as const;
  return (await till.sell({ evidence, avantage: "LIVRES_LOISIR", purchaseCents: 1 })).body["code"];
}

function listOf(...numbers: readonly string[]): string {
  const file = newFile("cards.txt");
  writeFileSync(file, numbers.map((number) => `${number}\r\n`).join(""));
  return file;
}

describe("the files", () => {
  test.each(["printed", "app"])(
    "of a %s code: one text in both, and a till takes it",
    async (kind) => {
      const cards = [await running.card(), await running.card()];
      const numbers = cards.map(({ cardNumber }) => cardNumber);
      expect(await passTpeQr("--kind", kind, "--cards", listOf(...numbers))).toBe(0);
      for (const [index, number] of numbers.entries()) {
        const name = `000${index + 1}-${number.slice(-4)}`;
        const token = await readByTheSdk(`${name}.png`);
        expect(textOf(`${name}.txt`)).toBe(token);
        expect(await pay(token, number)).toBe("APPROVED");
      }
      expect(readdirSync(out)).toHaveLength(4);
    },
  );

  test("are their owner's alone, and no name or message holds a whole number", async () => {
    const numbers = [numberAt(1), numberAt(2)];
    await passTpeQr("--kind", "printed", ...numbers.flatMap((number) => ["--card", number]));
    expect(statSync(out).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(out)) expect(statSync(join(out, name)).mode & 0o777).toBe(0o600);
    const told = [...readdirSync(out), printed.stdout, printed.stderr].join("\n");
    for (const number of numbers) expect(told).not.toContain(number);
  });

  test("are of 41 modules, in the small alphanumeric form, and the white round them, as large as asked", async () => {
    await passTpeQr("--kind", "printed", "--card", numberAt(1), "--module-pixels", "3");
    const [picture = ""] = readdirSync(out).filter((name) => name.endsWith(".png"));
    const { width, height, data } = PNG.sync.read(content(picture));
    const side = (4 + 41 + 4) * 3;
    expect({ width, height }).toEqual({ width: side, height: side });
    const white = 4 * 3;
    expect([data[0], data[(white - 1) * (width + 1) * 4], data[white * (width + 1) * 4]]).toEqual([
      255, 255, 0,
    ]);
  });

  test("are texts alone where no pictures are wanted", async () => {
    await passTpeQr("--kind", "printed", "--card", numberAt(1), "--text");
    expect(readdirSync(out)).toEqual([`0001-${numberAt(1).slice(-4)}.txt`]);
  });

  test("of a long list come some hundred at a time, and are told as they come", async () => {
    const numbers = Array.from({ length: 501 }, (_, at) => numberAt(at));
    expect(await passTpeQr("--kind", "printed", "--cards", listOf(...numbers), "--text")).toBe(0);
    expect(readdirSync(out)).toHaveLength(501);
    expect(printed.stderr.split("\n").slice(0, 2)).toEqual([
      `500 of 501 codes are in ${out}`,
      `501 of 501 codes are in ${out}`,
    ]);
    expect(textOf(`0501-${numberAt(500).slice(-4)}.txt`)).toContain(numberAt(500));
  });

  test("that are there already stay: the same again is no fault, another is", async () => {
    const asked = ["--kind", "printed", "--card", numberAt(1)];
    await passTpeQr(...asked);
    const [name = ""] = readdirSync(out).filter((it) => it.endsWith(".txt"));
    expect(await passTpeQr(...asked)).toBe(0);
    writeFileSync(join(out, name), "mine");
    await expect(passTpeQr(...asked)).rejects.toThrow(/is there already with other content/);
    expect(textOf(name)).toBe("mine");
  });
});

describe("refused, and nothing is written", () => {
  const list = () => listOf(numberAt(1), "", "9160 0000 0000 0017");

  test.each([
    ["no kind", () => ["--card", numberAt(1)]],
    ["an unknown kind", () => ["--kind", "embossed", "--card", numberAt(1)]],
    ["no card", () => ["--kind", "app"]],
    ["cards in two ways", () => ["--kind", "app", "--card", numberAt(1), "--cards", list()]],
    ["an empty list", () => ["--kind", "app", "--cards", listOf("", " ")]],
    ["a list that is not there", () => ["--kind", "app", "--cards", newFile()]],
    ["modules of no size", () => ["--kind", "app", "--card", numberAt(1), "--module-pixels", "0"]],
  ])("%s", async (_what, args) => {
    await expect(passTpeQr(...args())).rejects.toThrow(UsageError);
    expect(() => readdirSync(out)).toThrow();
  });

  test("a wrong number, by its line and not by itself", async () => {
    const wrong = passTpeQr("--kind", "printed", "--cards", list());
    await expect(wrong).rejects.toThrow(/^line 3 of .* is no card number/);
    await expect(wrong).rejects.not.toThrow("0017");
  });

  test("a folder that is a file", async () => {
    mkdirSync(out);
    out = join(out, "file");
    writeFileSync(out, "");
    await expect(passTpeQr("--kind", "app", "--card", numberAt(1))).rejects.toThrow(
      /cannot be made/,
    );
  });
});

// One whole run whose clock, random values, keys and certificates another run shares: what differs is what is typed.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { Agent as HttpsAgent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, type Gateway, startGateway } from "@pass-tpe/gateway";
import {
  enrolTerminal,
  keyedEntry,
  receiptLines,
  receiptOf,
  softwarePinPad,
  Terminal,
} from "@pass-tpe/terminal-sdk";
import Database from "better-sqlite3";
import { BIRTH_DAY, PASSWORD } from "../holders/rig.js";
import { AGENTS, clientOf, connectionOf, issued, operatorsProgramme } from "../operators/agents.js";
import { aPupil, type Pupil, wholePupil } from "../operators/events.js";
import { seededRandom } from "../support/random.js";
import { raw } from "../support/raw-client.js";
import { loadTestPartner, POINT_OF_SALE } from "../support/running-gateway.js";
import { TEST_STORE_KEY } from "../support/store-key.js";
import { hearAnswers } from "./heard.js";

/** Far beyond the run: what is committed is sealed at the end. */
const NEVER_MS = 3_600_000;

/** What both runs begin with: a gateway's folder, a terminal's folder, and a young person whose account is open. */
export interface Beginning {
  readonly folder: string;
  readonly nowMs: number;
  readonly ca: string;
  readonly pupil: Pupil;
  remove(): void;
}

/** The digits that a run types, one set for each place in it. */
export interface Typed {
  readonly first: string;
  readonly changed: string;
  readonly wrong: string;
  /** Refused for one reason in both runs. */
  readonly weak: string;
}

/** What a run left: by what it is, each as it was written. */
export interface Traces {
  /** Without the ports, which the system chooses. */
  readonly log: string;
  readonly answers: readonly string[];
  readonly metrics: string;
  readonly events: readonly string[];
  readonly results: readonly string[];
  readonly journal: string;
  readonly pinKeyFile: string;
  readonly heads: string;
  /** Bytes of every file of the data folder but the heads, while the gateway ran and after it. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly rows: ReadonlyMap<string, readonly Row[]>;
}

export type Row = Readonly<Record<string, unknown>>;

/** Without what others leave free on the machine's disk, which is none of the run's. */
const itsOwn = (text: string) => text.replace(/^pass_tpe_disk_free_bytes .*$/m, "");

const gatewayAt = (folder: string, nowMs: number, seed: number, log: string[] = []) =>
  startGateway({
    dataFolder: join(folder, "gateway"),
    storeKey: TEST_STORE_KEY,
    programme: operatorsProgramme(),
    port: 0,
    healthPort: 0,
    sealEveryMs: NEVER_MS,
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    random: seededRandom(seed),
    log: createLogger({ level: "trace", destination: { write: (line) => void log.push(line) } }),
  });

/** Makes what both runs begin with. */
export async function makeBeginning(): Promise<Beginning> {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-twin-"));
  const nowMs = Date.now();
  const gateway = await gatewayAt(folder, nowMs, 1);
  await loadTestPartner(gateway, nowMs);
  const credentials = await issued(gateway, AGENTS.operator);
  const connection = connectionOf(credentials);
  const operator = clientOf({ url: gateway.operatorUrl, credentials, connection });
  const pupil = aPupil();
  for (const event of wholePupil(pupil)) await operator.send(event);
  const path = `/v1/beneficiaries/${pupil.id}/account`;
  const { body } = await operator.post(path, { birthDay: BIRTH_DAY });
  connection.destroy();
  const { ca } = credentials;
  const account = { dossier: pupil.id, openingCode: body["openingCode"], password: PASSWORD };
  await askHolder(gateway, ca, "opening", account);
  const asked = { terminalId: "T-TWIN", pointOfSaleId: POINT_OF_SALE, validMinutes: 60 };
  const code = await gateway.operator.makeActivationCode(asked);
  if (code.type !== "made") throw new Error("no activation code was made");
  const at = (name: string) => join(folder, "till", name);
  await enrolTerminal({
    gateway: gateway.url,
    activationCode: code.activationCode,
    credentials: at("credentials.json"),
    pinKeyFile: at("pin.key"),
  });
  await gateway.close();
  return {
    folder,
    nowMs,
    ca,
    pupil,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function askHolder(gateway: Gateway, ca: string, path: string, body: object) {
  const agent = new HttpsAgent({ ca });
  const url = `${gateway.holderUrl}/v1/account/${path}`;
  const { status } = await raw({ agent, url, body: JSON.stringify(body) });
  agent.destroy();
  return status;
}

/** Plays one run on a copy of the beginning. The same digits leave the same traces. */
export async function playTwin(beginning: Beginning, typed: Typed): Promise<Traces> {
  const { nowMs, ca, pupil } = beginning;
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-twin-"));
  cpSync(beginning.folder, folder, { recursive: true });
  const log: string[] = [];
  const gateway = await gatewayAt(folder, nowMs, 2, log);
  const heard = hearAnswers();
  try {
    const account = { dossier: pupil.id, password: PASSWORD };
    const setPin = (pin: string) => askHolder(gateway, ca, "pin", { ...account, pin });
    await setPin(typed.weak);
    await setPin(typed.first);
    // The value that the first PIN leaves is gone from the rows later, and not from the log that they were written to.
    const early = rowsOf(copyOf(folder, "early"), "early ");
    const till = await playTill({ folder, gateway, nowMs, pupil, typed, setPin });
    const metrics = itsOwn(await (await fetch(`${gateway.healthUrl}/metrics`)).text());
    const live = copyOf(folder, "running");
    // Bytes first: whoever opens the copy works its write-ahead log into it.
    const inUse = filesOf(live, "running");
    const rows = rowsOf(live);
    await gateway.close();
    const files = new Map([...inUse, ...filesOf(join(folder, "gateway"), "closed")]);
    const text = (name: string) => readFileSync(join(folder, name), "utf8");
    return {
      log: log.join("").replace(/"(port|[a-z]+Port)":\d+/g, '"$1":0'),
      answers: heard.answers.map((it) =>
        itsOwn(`${it.name} ${Buffer.from(it.bytes).toString("utf8")}`),
      ),
      metrics,
      ...till,
      journal: text("till/journal"),
      pinKeyFile: text("till/pin.key"),
      heads: text("gateway/heads.ndjson"),
      files,
      rows: new Map([...early, ...rows, ...rowsOf(join(folder, "gateway"), "closed ")]),
    };
  } finally {
    heard.stop();
    await gateway.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Right and wrong PINs at a till, a lock, a new PIN that unlocks, and the old one that is wrong from then on. */
async function playTill(parts: {
  readonly folder: string;
  readonly gateway: Gateway;
  readonly nowMs: number;
  readonly pupil: Pupil;
  readonly typed: Typed;
  readonly setPin: (pin: string) => Promise<number>;
}): Promise<Pick<Traces, "events" | "results">> {
  const { folder, gateway, nowMs, pupil, typed, setPin } = parts;
  const random = seededRandom(3);
  const reader = keyedEntry();
  const events: string[] = [];
  const results: string[] = [];
  let digits = "";
  const terminal = await Terminal.open({
    gateway: gateway.url,
    credentials: join(folder, "till", "credentials.json"),
    journal: join(folder, "till", "journal"),
    readers: [reader],
    pinPad: softwarePinPad({
      keyFile: join(folder, "till", "pin.key"),
      digits: async () => digits,
      random: (size) => random.bytes(size),
    }),
    clock: {
      nowMs: () => nowMs,
      monotonicMs: () => 0,
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    random: (size) => random.bytes(size),
  });
  terminal.on("*", (event) => {
    events.push(JSON.stringify(event));
    if (event.type === "waitingForCard") reader.enter(pupil.cardNumber);
  });
  const profile = await terminal.profile();
  async function sell(pin: string): Promise<void> {
    digits = pin;
    const result = await terminal.sell({ avantage: "LIVRES_LOISIR", purchaseCents: 100 });
    results.push(JSON.stringify(result));
    if (result.outcome === "unknown") return;
    results.push(...receiptLines(receiptOf({ result, profile, copy: "merchant" })));
  }
  for (const pin of [typed.first, typed.wrong, typed.first]) await sell(pin);
  for (const pin of [typed.wrong, typed.wrong, typed.wrong, typed.first]) await sell(pin);
  await setPin(typed.changed);
  for (const pin of [typed.changed, typed.first]) await sell(pin);
  await terminal.close();
  return { events, results };
}

/** The data folder while it is in use, as a backup would take it. */
function copyOf(folder: string, name: string): string {
  const copy = join(folder, name);
  mkdirSync(copy);
  cpSync(join(folder, "gateway"), copy, { recursive: true });
  return copy;
}

function filesOf(folder: string, when: string): readonly (readonly [string, Buffer])[] {
  const names = readdirSync(folder).filter((name) => name !== "heads.ndjson");
  return names.map((name) => [`${name} ${when}`, readFileSync(join(folder, name))]);
}

/** Every row of every table, what is still in the write-ahead log alone included. */
function rowsOf(folder: string, prefix = ""): readonly (readonly [string, readonly Row[]])[] {
  const db = new Database(join(folder, "gateway.db"));
  try {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    return tables.all().map((found) => {
      const name = String(Object(found).name);
      const rows = db.prepare(`SELECT * FROM "${name}"`).all();
      return [prefix + name, rows.map((row): Row => Object(row))];
    });
  } finally {
    db.close();
  }
}

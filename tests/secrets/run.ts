// One run of the whole system on real files, with everything that it writes and says kept for the search.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { BugError } from "../../gateway/src/core/assert.js";
import type { KeyFile } from "../../gateway/src/crypto/key-file.js";
import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { type HoldersGateway, startHoldersGateway } from "../holders/rig.js";
import { assertBuilt } from "../reliability/gateway-process.js";
import { programmeAround } from "../support/running-gateway.js";
import type { Secret } from "./forms.js";
import { type HeardAnswer, hearAnswers } from "./heard.js";
import { openedKeys, secretsOfKeys } from "./known.js";
import { type Place, placesIn, textPlace } from "./search.js";

const CLI = fileURLToPath(new URL("../../gateway/dist/cli.js", import.meta.url));

/** What the next sale meets. */
type Trouble = "none" | "a bug" | "a broken store";

export interface SecretRun {
  readonly running: HoldersGateway;
  readonly keys: KeyFile;
  /** Where the terminal has its files, and people their own: not the gateway's folder. */
  readonly folder: string;
  readonly storeKeyFile: string;
  readonly programmeFile: string;
  readonly secrets: readonly Secret[];
  /** These must stand nowhere from now on, nor until now. */
  plant(...secrets: readonly Secret[]): void;
  /** Keeps whatever the program said or gave in process: a result, an event, an error. */
  tell(name: string, said: unknown): void;
  /** As {@link tell}, of what is thrown; a call that succeeds is an error of the test. */
  tellThrown(name: string, call: () => unknown): Promise<void>;
  meet(trouble: Trouble): void;
  /** Runs the built command line to its end, or ends it once it has printed a text; keeps what it printed. */
  command(
    name: string,
    args: readonly string[],
    until?: string,
  ): Promise<{ readonly code: number | null; readonly stdout: string }>;
  /** Keeps the data folder as its bytes stand now, as a backup of it would. */
  backUp(name: string): void;
  readonly answers: readonly HeardAnswer[];
  /** Everything that was kept, heard and logged until now, and what lies in the terminal's folder. */
  places(): readonly Place[];
  /** Stops the gateway and leaves the files. */
  close(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts it, under a store key and keys that no other run has. */
export async function startSecretRun(): Promise<SecretRun> {
  const storeKey = randomBytes(32);
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-secrets-"));
  const heard = hearAnswers();
  const printed = hearPrinted();
  let trouble: Trouble = "none";
  const running = await startHoldersGateway({
    storeKey,
    makeDriver: (path) => troubled(sqliteDriver(path), () => trouble),
    holderRequestsPerMinute: 60,
  });
  const keys = openedKeys(running.dataFolder, storeKey);
  const secrets: Secret[] = [...secretsOfKeys(keys, storeKey)];
  const places: Place[] = [];
  const storeKeyFile = join(folder, "store.key");
  writeFileSync(storeKeyFile, storeKey.toString("hex"), { mode: 0o600 });
  const programmeFile = join(folder, "programme.json");
  writeFileSync(programmeFile, JSON.stringify(programmeAround(Date.now())));
  let stop: () => Promise<void> = () => running.gateway.close();

  function tell(name: string, said: unknown): void {
    places.push(textPlace(`${name}, printed`, inspect(said, DEEPLY)));
    places.push(textPlace(`${name}, as JSON`, jsonOf(said)));
  }

  return {
    running,
    keys,
    folder,
    storeKeyFile,
    programmeFile,
    secrets,
    plant: (...more) => void secrets.push(...more),
    tell,
    async tellThrown(name, call) {
      let thrown: unknown;
      try {
        await call();
      } catch (error) {
        thrown = error;
      }
      if (thrown === undefined) throw new Error(`nothing was thrown by: ${name}`);
      tell(name, thrown);
    },
    meet(what) {
      trouble = what;
    },
    async command(name, args, until) {
      const { code, stdout, stderr } = await runCommand(args, until);
      places.push(textPlace(`stdout of ${name}`, stdout), textPlace(`stderr of ${name}`, stderr));
      return { code, stdout };
    },
    backUp(name) {
      places.push(...placesIn(running.dataFolder, name));
    },
    answers: heard.answers,
    places: () => [
      ...places,
      ...heard.answers,
      textPlace("log", running.log()),
      textPlace("stdout and stderr", printed.text()),
      ...placesIn(join(folder, "till"), "till"),
    ],
    async close() {
      const now = stop;
      stop = async () => undefined;
      await now();
    },
    async remove() {
      heard.stop();
      printed.stop();
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const DEEPLY = { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null };

/** An error's own fields are not JSON's: they are named. */
function jsonOf(said: unknown): string {
  const seen = new Set<unknown>();
  const text = JSON.stringify(said, (_name, value: unknown) => {
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return "(seen)";
    seen.add(value);
    if (!(value instanceof Error)) return value;
    const { name, message, stack = "", cause } = value;
    return { ...value, name, message, stack, cause };
  });
  return text ?? "";
}

/** Hears what this process itself prints. */
function hearPrinted(): { text(): string; stop(): void } {
  const chunks: string[] = [];
  const streams = [process.stdout, process.stderr] as const;
  const writers = streams.map((stream) => stream.write);
  for (const [index, stream] of streams.entries()) {
    stream.write = (...args: unknown[]) => {
      chunks.push(typeof args[0] === "string" ? args[0] : "");
      return Reflect.apply(writers[index] ?? stream.write, stream, args);
    };
  }
  return {
    text: () => chunks.join(""),
    stop() {
      for (const [index, stream] of streams.entries()) {
        stream.write = writers[index] ?? stream.write;
      }
    },
  };
}

/** Before the real driver, so that a sale meets a bug that is contained in it, or a store that fails. */
function troubled(driver: Driver, trouble: () => Trouble): Driver {
  return {
    ...driver,
    begin() {
      if (trouble() === "a broken store") throw new Error("the disk is on fire");
      return driver.begin();
    },
    apply(change) {
      if (trouble() === "a bug") throw new BugError("an effect does not find what it expects");
      return driver.apply(change);
    },
  };
}

function runCommand(
  args: readonly string[],
  until?: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  assertBuilt(CLI);
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      if (until !== undefined && output.stdout.includes(until)) child.kill("SIGTERM");
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...output }));
  });
}

// `pass-tpe keys`: makes a store key, and rotates what is sealed under it on the folder of a stopped gateway.

import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { KEY_KINDS, type KeyKind } from "../crypto/key-store.js";
import { versionsOf } from "../crypto/rotation.js";
import { STORE_KEY_BYTES } from "../crypto/sealed-file.js";
import { findLedger, readDataFolder } from "../data-folder.js";
import { holdToLedger } from "../ledger-keys.js";
import { systemRandom } from "../main.js";
import { openHeld } from "../open-folder.js";
import type { PostgresOptions } from "../store/postgres/options.js";
import {
  type Command,
  EXIT_FAILED,
  EXIT_OK,
  needed,
  reasonOf,
  takesWords,
  UsageError,
} from "./command.js";
import { type HeldKeys, retireKeys, rotateKeys, type Use, useOf } from "./key-acts.js";
import { databaseFrom, LEDGER_HELP, LEDGER_OPTION } from "./ledger-option.js";
import { STORE_KEY_HELP, storeKeyFrom } from "./store-key.js";

const OWNER_ONLY_FILE = 0o600;

export const keys: Command = {
  name: "keys",
  summary: "make a store key; list, rotate and retire what is sealed under it",
  help: `Usage: pass-tpe keys init --out FILE
       pass-tpe keys list --data FOLDER --store-key FILE
       pass-tpe keys rotate KIND --data FOLDER --store-key FILE
       pass-tpe keys retire KIND VERSION --data FOLDER --store-key FILE

Everything secret that a gateway keeps is in one file of its data folder, sealed under a store key. All but \`init\` work on
the data folder of a gateway that is stopped; rotate and retire stand in its audit trail. For several gateways on one
PostgreSQL do so in a folder of its own, with a copy of keys.json; then copy the new one into the folders of all: they
read it within a second, while they serve.

  init                 makes a store key in a new file, for its owner's eyes; keep a copy elsewhere: nothing replaces it
  list                 the versions of each kind, the current one first, and what is under them
  rotate               makes a new current version; those before are still accepted
  retire               drops a version: what was made under it is refused from then on, for good. Back the keys up first

KIND is one of
  cards                what cards sign their messages with; a card keeps its version for life
  pinBase              what each terminal's PIN key comes from; a terminal keeps its version until it is enrolled again
  pepper               what stored PINs are under; a PIN keeps its version until its holder sets it anew
  qr                   what QR codes are signed with; a printed code keeps its version for life

  --out FILE           the new store key; never overwritten
  --data FOLDER        the gateway's data folder
${LEDGER_HELP}
${STORE_KEY_HELP}
  --help               this text

It ends with 1 when an act is refused: nothing was changed then.
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...LEDGER_OPTION,
        out: { type: "string" },
        data: { type: "string" },
        "store-key": { type: "string" },
      },
    });
    const [word, kind, version] = positionals;
    takesWords(positionals, wordsOf(word));
    if (word === "init") return init(needed(values.out, "--out"));
    const path = needed(values.data, "--data");
    const storeKey = storeKeyFrom(values["store-key"]);
    const act = actOf(word, kind, version);
    return holding({ path, storeKey, database: databaseFrom(values.database) }, act);
  },
};

function wordsOf(word: string | undefined): number {
  if (word === "rotate") return 2;
  return word === "retire" ? 3 : 1;
}

type KeysAct = (held: HeldKeys) => Promise<number>;

/** @throws UsageError when the words are no act. */
function actOf(word = "", kindWord = "", versionWord = ""): KeysAct {
  if (word === "list") return list;
  if (word !== "rotate" && word !== "retire") {
    throw new UsageError("keys init, list, rotate and retire are what it does");
  }
  const kind = KEY_KINDS.find((known) => known === kindWord);
  if (!kind) throw new UsageError(`KIND must be one of ${KEY_KINDS.join(", ")}`);
  if (word === "rotate") return (held) => rotateAndTell(held, kind);
  if (!/^[1-9][0-9]{0,8}$/.test(versionWord)) {
    throw new UsageError("VERSION must be one of those that `pass-tpe keys list` shows");
  }
  return (held) => retireAndTell(held, kind, Number(versionWord));
}

/** Holds the folder first: a gateway that runs on it keeps it, and one that starts meanwhile is kept out. */
async function holding(
  found: {
    readonly path: string;
    readonly storeKey: Uint8Array;
    readonly database: PostgresOptions | null;
  },
  act: KeysAct,
): Promise<number> {
  const { path, storeKey, database } = found;
  const driver = await openHeld(path, findLedger(path, database).place);
  try {
    const folder = readDataFolder({ path, database, storeKey, random: systemRandom });
    await holdToLedger(driver, folder);
    const { file, keysPath } = folder;
    return await act({
      file,
      keysPath,
      place: folder.place,
      storeKey,
      driver,
      random: systemRandom,
    });
  } finally {
    await driver.close();
  }
}

const say = (text: string) => void process.stdout.write(`${text}\n`);

function init(path: string): number {
  let file: number;
  try {
    file = openSync(path, "wx", OWNER_ONLY_FILE);
  } catch (error) {
    throw new UsageError(`--out cannot be written, no key was made: ${reasonOf(error)}`);
  }
  try {
    writeSync(file, `${randomBytes(STORE_KEY_BYTES).toString("hex")}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return EXIT_OK;
}

async function list(held: HeldKeys): Promise<number> {
  for (const { kind, version, state } of versionsOf(held.file)) {
    const use = usedBy(await useOf(held, kind, version));
    say([kind, version, state, ...(use ? [use] : [])].join(" "));
  }
  return EXIT_OK;
}

async function rotateAndTell(held: HeldKeys, kind: KeyKind): Promise<number> {
  const result = await rotateKeys(held, kind);
  if (result.type === "refused") return refused(result);
  say(`${kind} ${result.version} is current; back up the data folder's keys.json`);
  return EXIT_OK;
}

async function retireAndTell(held: HeldKeys, kind: KeyKind, version: number): Promise<number> {
  const result = await retireKeys(held, kind, version);
  if (result.type === "refused") return refused(result);
  const use = usedBy(result.use);
  say(`${kind} ${version} is retired${use ? `; ${use} had it` : ""}; back up keys.json`);
  return EXIT_OK;
}

const usedBy = (use: Use): string | null => use && `${use.count} ${use.what}`;

function refused({ code, detail }: { readonly code: string; readonly detail: string }): number {
  process.stderr.write(`pass-tpe: ${code}: ${detail}\n`);
  return EXIT_FAILED;
}

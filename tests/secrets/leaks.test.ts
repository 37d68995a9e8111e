// A run of the whole system in which every way is taken that a secret could take out: none is written down anywhere.

import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Pupil } from "../operators/events.js";
import { commandLine } from "./command-scenes.js";
import { formsOf } from "./forms.js";
import { failedLogins, officeWork, openedPupil, salesByHand } from "./http-scenes.js";
import { type SecretRun, startSecretRun } from "./run.js";
import { createSearch, type Finding, type Place } from "./search.js";
import { dayAtTheTill, enrolments } from "./till-scenes.js";

/** Keys, slow hashes, processes: on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const PINS = { right: "7294", wrong: "5083" };

/** Where a secret stands on purpose, and why. Nothing else may be found; and each of these is. */
const MEANT: readonly (readonly [secret: RegExp, place: RegExp])[] = [
  // Told once, to whom it is for.
  [/^(secret of )?activation code /, /^answer to POST .*\/activation-codes: 200$/],
  [/^activation code by command/, /^stdout of terminal enrol$/],
  [/opening code/, /^answer to POST .*\/account: 200$/],
  [/^opening code by command/, /^stdout of account open$/],
  [/^an agent's private key/, /^answer to POST \/v1\/agents: 200$/],
  // A code's text, for who prints it: the number stands in it, and the signature.
  [/^number (of|in) .*(card|code)$/, /^answer to POST \/v1\/qr-codes: 200$/],
  [/^signature's text of printed code/, /^answer to POST \/v1\/qr-codes: 200$/],
  // What the next request names instead of a card: for half a minute, for this terminal alone.
  [/^reference of a proof/, /^answer to POST \/v1\/inquiries: 200$/],
  [/^reference of a proof/, /\/gateway\.db(-wal)?$/],
  // The terminal's own file, which its owner alone can read.
  [/^terminal's private key/, /^till\/credentials\.json$/],
];
const isMeant = ({ secret, place }: Finding) =>
  MEANT.some(([what, where]) => what.test(secret) && where.test(place));

let run: SecretRun;
let pupil: Pupil;
let places: readonly Place[];
let findings: readonly Finding[];

beforeAll(async () => {
  run = await startSecretRun();
  pupil = await openedPupil(run, PINS.right);
  await enrolments(run);
  await dayAtTheTill(run, pupil, PINS);
  await officeWork(run, pupil);
  await salesByHand(run, pupil, PINS.right);
  await failedLogins(run, pupil);
  await everyScrape(run);
  run.backUp("backup of the running gateway");
  await commandLine(run, pupil);
  places = run.places();
  findings = places.flatMap(createSearch(run.secrets));
});
afterAll(() => run.remove());

test("no secret stands in any form in any file, log, answer, event, error or output", () => {
  expect(findings.filter((found) => !isMeant(found))).toEqual([]);
});

test("what is meant to carry a secret does, so that no exception is wider than it has to be", () => {
  const unused = MEANT.filter(
    ([what, where]) => !findings.some((it) => what.test(it.secret) && where.test(it.place)),
  );
  expect(unused).toEqual([]);
});

test("everything was looked at that the run wrote down", () => {
  const names = places.map(({ name }) => name);
  for (const name of [
    "log",
    "stdout and stderr",
    "backup of the running gateway/gateway.db",
    "backup of the running gateway/gateway.db-wal",
    "backup of the running gateway/keys.json",
    "data folder, closed/gateway.db",
    "data folder, closed/heads.ndjson",
    "data folder, at the end/gateway.db",
    "till/journal",
    "till/pin.key",
    "till/moved.p12",
    "answer to GET /metrics: 200",
    "answer to GET /openapi.json: 200",
    "answer to POST /v1/terminals/enrolments: 200",
    "answer to POST /v1/terminals/enrolments: 403",
    "answer to POST /v1/authorizations: 500",
    "answer to POST /v1/authorizations: 503",
    "answer to POST /v1/account/pin: 429",
    "stdout of verify --data",
    "stdout of serve",
  ]) {
    expect(names).toContain(name);
  }
  expect(run.running.log()).toContain("sale lost to a bug");
});

test("each of these secrets, in each of its forms, is found in a copy of the log that it was put into", () => {
  const log = Buffer.from(run.running.log());
  const search = createSearch(run.secrets);
  const middle = log.indexOf("\n", log.length / 2) + 1;
  const planted = run.secrets.flatMap((secret) =>
    [...formsOf(secret)].map(([form, bytes]) => ({ secret: secret.name, form, bytes })),
  );
  const text = [
    log.subarray(0, middle),
    ...planted.flatMap(({ bytes }) => [bytes, Buffer.from("\n")]),
  ];
  const found = search({ name: "log", bytes: Buffer.concat([...text, log.subarray(middle)]) });
  const told = new Set(found.map(({ secret, form }) => `${secret} as ${form}`));
  expect(planted.length).toBeGreaterThan(1_000);
  expect(planted.filter(({ secret, form }) => !told.has(`${secret} as ${form}`))).toEqual([]);
});

test("the log of what holders ask has the operation and the code alone", () => {
  const lines = run.running
    .log()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const held = lines.filter(({ operation }) =>
    ["openAccount", "setPin", "readPinState"].includes(operation),
  );
  expect(held.length).toBeGreaterThan(10);
  const known = ["app", "code", "level", "operation", "time", "ms", "msg"];
  for (const { err: _bug, ...line } of held) {
    expect(Object.keys(line).filter((field) => !known.includes(field))).toEqual([]);
    expect(line.code).toMatch(/^[A-Z_]+$/);
    expect(JSON.stringify(line)).not.toContain(pupil.id);
  }
});

async function everyScrape({ running }: SecretRun): Promise<void> {
  for (const path of ["/metrics", "/healthz", "/readyz", "/nowhere"]) {
    await fetch(running.gateway.healthUrl + path);
  }
}

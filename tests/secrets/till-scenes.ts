// What happens at a till: sales that are approved, declined and mistaken, with secrets where they do not belong.

import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  enrolTerminal,
  exportPkcs12,
  importPkcs12,
  installPinKey,
  loadCredentials,
  softwarePinPad,
  Terminal,
} from "@pass-tpe/terminal-sdk";
import { expect } from "vitest";
import type { Pupil } from "../operators/events.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { ofText } from "./forms.js";
import { secretsOfPrivateKey, secretsOfTap, secretsOfToken } from "./known.js";
import type { SecretRun } from "./run.js";
import { enrolWatched, openWatched, TERMINAL_ID, tillFilesOf, type WatchedTill } from "./till.js";

/** Digits that stand nowhere by chance, where a message could quote them: four would. */
const LONG_DIGITS = "48217730954116";

/** A tap's message; from now on it must stand nowhere. */
export function tapOf(run: SecretRun, card: Pick<Pupil, "uid">): string {
  const { gateway } = run.running;
  const { message } = nfcEvidence(gateway, card);
  run.plant(...secretsOfTap("a tap", message, gateway.operator.cardKeys(card.uid)));
  return message;
}

/** A code of the printed or the app kind; likewise. */
export function codeOf(run: SecretRun, cardNumber: string, kind: "printed" | "app"): string {
  const { operator } = run.running.gateway;
  const issuedAtSeconds = Math.floor(Date.now() / 1_000);
  const token = operator.qrToken(
    kind === "printed"
      ? { kind, cardNumber }
      : { kind, cardNumber, issuedAtSeconds, nonce: randomBytes(8) },
  );
  run.plant(...secretsOfToken(`${kind} code`, token));
  return token;
}

/** A day at the till by the SDK: every way to show a card, right and wrong PINs, and what comes after a sale. */
export async function dayAtTheTill(
  run: SecretRun,
  pupil: Pupil,
  pins: { readonly right: string; readonly wrong: string },
): Promise<void> {
  const till = await openWatched(run);
  const { cardNumber } = pupil;
  const tap = () => ({ kind: "nfcMessage", message: tapOf(run, pupil) }) as const;
  const code = (kind: "printed" | "app") =>
    ({ kind: "qr", text: codeOf(run, cardNumber, kind) }) as const;
  const keyed = { kind: "keyed", cardNumber } as const;
  const outcomes = [
    await till.sell(tap()),
    await till.sell(code("printed"), pins.right),
    await till.sell(code("app"), pins.right),
    await till.sell(keyed, pins.wrong),
    await till.sell(keyed, pins.right),
    await till.sell(code("printed"), pins.right, { avantage: "PERMIS_B" }),
  ].map((result) => [result.outcome, "code" in result ? result.code : null]);
  expect(outcomes).toMatchObject([
    ["approved", "APPROVED"],
    ["approved", "APPROVED"],
    ["approved", "APPROVED"],
    ["declined", "PIN_INCORRECT"],
    ["approved", "APPROVED"],
    ["declined", "AVANTAGE_NOT_ACCEPTED_HERE"],
  ]);
  await afterSales(run, till, tap);
  await mistakesAtTheTill(run, till, cardNumber);
  run.tell("terminal", till.terminal);
  await till.terminal.close();
}

async function afterSales(
  run: SecretRun,
  { terminal, sell, files }: WatchedTill,
  tap: () => Parameters<WatchedTill["sell"]>[0],
): Promise<void> {
  const held = await sell(tap(), "", { capture: false });
  const sold = await sell(tap());
  if (held.outcome !== "approved" || sold.outcome !== "approved") throw new Error("not approved");
  run.tell("capture", await terminal.capture(held.id));
  run.tell("refund", await terminal.refund({ of: sold.id }));
  run.tell("reversal", await terminal.reverse(held.id));
  run.tell("status", await terminal.status(sold.id));
  run.tell("recovered", terminal.recovered());
  run.tell("renewal", await terminal.renewCredentials());
  const { privateKey } = await loadCredentials(files.credentials);
  run.plant(...secretsOfPrivateKey("terminal's private key, renewed", privateKey));
  run.tell("closing", await terminal.closeDay());
}

/** What an integrator may get wrong: a secret where something else belongs. */
async function mistakesAtTheTill(
  run: SecretRun,
  { terminal, files }: WatchedTill,
  cardNumber: string,
): Promise<void> {
  const digits = ofText("digits typed in the wrong place", LONG_DIGITS);
  run.plant(digits);
  const wrong: object[] = [
    { avantage: { cardNumber } },
    { avantage: "CINEMA", quantity: LONG_DIGITS },
    { avantage: "CINEMA", purchaseCents: cardNumber },
    { avantage: "CINEMA", quantity: 1, proofRef: { cardNumber } },
  ];
  for (const sale of wrong) {
    const call = () => Reflect.apply(terminal.sell, terminal, [sale]);
    await run.tellThrown("a sale with wrong fields", call);
  }
  const capture = () => terminal.capture(cardNumber);
  await run.tellThrown("a capture of a card number", capture);
  await run.tellThrown("a reversal of digits", () => terminal.reverse(LONG_DIGITS));
  await mistakesWithKeys(run, files.credentials);
  const pad = softwarePinPad({
    keyFile: files.pinKeyFile,
    digits: () => Promise.reject(new Error(`the keyboard gave ${LONG_DIGITS}`)),
  });
  const { signal } = new AbortController();
  run.tell("pad", await pad.requestPin({ cardNumber, prompt: ["", ""], signal }));
}

async function mistakesWithKeys(run: SecretRun, path: string): Promise<void> {
  const credentials = await loadCredentials(path);
  const { privateKey } = credentials;
  const password = "un mot de passe du partenaire 5521";
  run.plant(ofText("PKCS#12 password", password));
  const file = exportPkcs12({ credentials, password });
  writeFileSync(join(run.folder, "till", "moved.p12"), file);
  await run.tellThrown("PKCS#12 under another password", () =>
    importPkcs12({ file, password: `${password}?` }),
  );
  const torn = join(run.folder, "torn.json");
  writeFileSync(torn, `{"privateKey": ${JSON.stringify(privateKey)}, oops`, { mode: 0o600 });
  await run.tellThrown("torn credentials", () => loadCredentials(torn));
  const swapped = { ...credentials, certificate: privateKey };
  const open = (given: typeof credentials | string) =>
    Terminal.open({
      gateway: run.running.gateway.url,
      credentials: given,
      journal: join(run.folder, "other-journal"),
      readers: [],
    });
  await run.tellThrown("a key in a certificate's place", () => open(swapped));
  await run.tellThrown("a key in a path's place", () => open(privateKey));
  const pinKey = { initialKeyHex: run.keys.numberKey.slice(1), initialKeyIdHex: privateKey };
  const pinKeyFile = join(run.folder, "other-pin.key");
  await run.tellThrown("a malformed PIN key", () => installPinKey({ path: pinKeyFile, pinKey }));
}

/** A first enrolment that fails in every way, then one that succeeds. */
export async function enrolments(run: SecretRun): Promise<void> {
  const { credentials, pinKeyFile } = tillFilesOf(run);
  const gateway = run.running.gateway.url;
  const used = await enrolWatched(run, "T-FIRST");
  const again = { credentials: join(run.folder, "again.json"), pinKeyFile: `${pinKeyFile}.again` };
  const enrol = (change: object) =>
    enrolTerminal({ gateway, activationCode: used, ...again, ...change });
  await run.tellThrown("a code that was used", () => enrol({}));
  await run.tellThrown("a code that is cut", () => enrol({ activationCode: used.slice(0, -5) }));
  await run.tellThrown("a code as an address", () => enrol({ gateway: used }));
  await run.tellThrown("a code within an address", () => enrol({ gateway: `https://${used}/` }));
  await run.tellThrown("a code as a list", () => enrol({ activationCode: [used] }));
  await run.tellThrown("no replacement", () => enrol({ credentials }));
  await enrolWatched(run, TERMINAL_ID);
  expect(readFileSync(credentials, "utf8")).toContain("PRIVATE KEY");
}

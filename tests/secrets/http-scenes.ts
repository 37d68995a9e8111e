// What is sent to the listeners by hand: secrets in wrong fields and of wrong types, broken bodies, bugs and limits.

import { randomUUID } from "node:crypto";
import type { Evidence, PinBlock } from "@pass-tpe/protocol";
import { stepUpNumber } from "@pass-tpe/protocol/standards";
import { expect } from "vitest";
import { BIRTH_DAY, PASSWORD } from "../holders/rig.js";
import {
  aPupil,
  issuedCard,
  ordered,
  type Pupil,
  validated,
  wholePupil,
} from "../operators/events.js";
import { agentFor, raw } from "../support/raw-client.js";
import { ofText } from "./forms.js";
import { secretsOfAgent, secretsOfCard, secretsOfPinBlock, spellings } from "./known.js";
import type { SecretRun } from "./run.js";
import { codeOf, tapOf } from "./till-scenes.js";

const SALE = { avantage: "LIVRES_LOISIR", purchaseCents: 100 };
/** Its quotation marks, accents and backslash are spelled in several ways. */
const WRONG_PASSWORD = 'phrase "fausse" à 8812-4471 \\ rien';

/** A young person whose account is open and whose PIN is set; number, chip, code and passwords are planted. */
export async function openedPupil(run: SecretRun, pin: string): Promise<Pupil> {
  const { running } = run;
  const pupil = aPupil();
  run.plant(...secretsOfCard("the card", pupil));
  for (const event of wholePupil(pupil)) {
    expect(await running.operator.send(event)).toMatchObject({ status: 200 });
  }
  const openingCode = await running.invite(pupil.id);
  run.plant(...spellings("opening code", openingCode));
  run.plant(ofText("password", PASSWORD), ofText("wrong password", WRONG_PASSWORD));
  const { id: dossier } = pupil;
  const opened = { dossier, openingCode, password: PASSWORD };
  expect(await running.ask("/v1/account/opening", opened)).toMatchObject({ status: 200 });
  expect(await running.setPin(pupil, pin)).toMatchObject({ status: 200 });
  return pupil;
}

/** Sales and inquiries by hand, whose bodies hold secrets where they belong and where they do not. */
export async function salesByHand(run: SecretRun, pupil: Pupil, pin: string): Promise<void> {
  const { till } = run.running;
  const { cardNumber } = pupil;
  const blockFor = (number: string) => {
    const pinBlock = till.pinBlock(number, pin);
    run.plant(...secretsOfPinBlock("a block by hand", pinBlock, run.keys));
    return pinBlock;
  };
  const inquiry = await till.inquire({ evidence: { type: "nfc", message: tapOf(run, pupil) } });
  const proofRef = String(inquiry.body["proofRef"]);
  run.plant(ofText("reference of a proof", proofRef));
  const pinBlock = blockFor(stepUpNumber(proofRef));
  await till.sell({ evidence: { type: "proofRef", proofRef, pinBlock }, ...SALE });
  const keyed = () => ({ type: "keyed", cardNumber, pinBlock: blockFor(cardNumber) }) as const;
  const { ksn, block } = beginningWithALetter(() => keyed().pinBlock);
  const wrong: unknown[] = [
    { type: "keyed", cardNumber: Number(cardNumber), pinBlock: { ksn, block } },
    { type: "keyed", cardNumber: block, pinBlock: { ksn, block: cardNumber } },
    { type: "keyed", cardNumber, pinBlock: { ksn, block: [...Buffer.from(block, "hex")] } },
    { type: "keyed", cardNumber, pinBlock: { ksn: block, block: ksn } },
    { type: "keyed", cardNumber, pinBlock: { ksn, block }, pin: PASSWORD },
    { type: cardNumber },
    { type: "nfc", message: cardNumber, identifier: pupil.uid.toString("hex") },
    { type: "nfc", identifier: pupil.uid.toString("hex").toUpperCase() },
    { type: "qr", token: `${codeOf(run, cardNumber, "app")}X`, pinBlock: { ksn, block } },
    { type: "proofRef", proofRef: cardNumber },
    cardNumber,
    [block],
  ];
  for (const evidence of wrong) {
    const answer = await till.post("/v1/authorizations", { id: till.newId(), evidence, ...SALE });
    expect(answer.body).toHaveProperty("code");
  }
  const evidence: Evidence = keyed();
  for (const change of [
    { id: cardNumber },
    { avantage: cardNumber },
    { avantage: block },
    { purchaseCents: cardNumber },
    { stepUpOf: block },
    { [cardNumber]: block },
    { deadlineMs: PASSWORD },
  ]) {
    await till.post("/v1/authorizations", { id: till.newId(), evidence, ...SALE, ...change });
  }
  await brokenRequests(run, JSON.stringify({ id: till.newId(), evidence, ...SALE }), cardNumber);
  await bugs(run, pupil, keyed);
}

/** A block that has the form of a word: one in three begins with a letter. */
function beginningWithALetter(make: () => PinBlock): PinBlock {
  for (let times = 0; times < 100; times += 1) {
    const made = make();
    if (/^[A-F]/.test(made.block)) return made;
  }
  throw new Error("a hundred blocks began with a digit");
}

/** Bodies, paths and headers that nobody can read. */
async function brokenRequests(run: SecretRun, body: string, cardNumber: string): Promise<void> {
  const { till, gateway, operator } = run.running;
  const urls = [gateway.url, gateway.operatorUrl, gateway.holderUrl];
  const agents = [
    agentFor(till.credentials),
    agentFor({ ...operator.credentials, pinKey: till.credentials.pinKey }),
  ];
  for (const agent of agents) {
    for (const url of urls) {
      const post = (path: string, more: object) =>
        raw({ agent, url: `${url}${path}`, method: "POST", body, ...more });
      for (const path of ["/v1/authorizations", "/v1/events", "/v1/account/pin"]) {
        await post(path, { body: body.slice(0, -3) });
        await post(path, { headers: { "content-type": `application/${cardNumber}` } });
        await post(path, { headers: { "content-encoding": cardNumber } });
        await post(path, { body: `${body}${" ".repeat(200_000)}` });
      }
      await post(`/v1/authorizations/${cardNumber}/reversal`, {});
      await post(`/v1/authorizations/${cardNumber}/%zz`, {});
      await post(`/${cardNumber}?card=${cardNumber}`, { headers: { cookie: `pin=${cardNumber}` } });
      for (const path of [`/v1/authorizations/${cardNumber}`, `/v1/beneficiaries/${cardNumber}`]) {
        await raw({ agent, url: `${url}${path}` });
      }
      await raw({ agent, url: `${url}/openapi.json` });
    }
    agent.destroy();
  }
}

/** A bug in a sale, which is contained; a store that fails; a card that is shown too often. */
async function bugs(run: SecretRun, pupil: Pupil, keyed: () => Evidence): Promise<void> {
  const { till } = run.running;
  for (const trouble of ["a bug", "a broken store"] as const) {
    run.meet(trouble);
    const sold = await till.sell({ evidence: keyed(), ...SALE });
    expect([500, 503]).toContain(sold.status);
    const { id: dossier } = pupil;
    await run.running.ask("/v1/account/pin", { dossier, password: PASSWORD, pin: "5083" });
    run.meet("none");
  }
  let status = 200;
  for (let times = 0; status !== 429 && times < 100; times += 1) {
    ({ status } = await till.inquire({ evidence: keyed() }));
  }
  expect(status).toBe(429);
}

/** Logins that fail, in every way, until they are throttled. */
export async function failedLogins(run: SecretRun, pupil: Pupil): Promise<void> {
  const { running } = run;
  const { id: dossier, cardNumber } = pupil;
  const openingCode = await running.invite(dossier);
  run.plant(...spellings("second opening code", openingCode));
  for (const [path, body] of [
    ["opening", { dossier: openingCode, openingCode, password: PASSWORD }],
    ["opening", { dossier, openingCode: PASSWORD, password: openingCode }],
    ["opening", { dossier, openingCode: [openingCode], password: { PASSWORD } }],
    ["pin", { dossier, password: PASSWORD, pin: openingCode }],
    ["pin", { dossier: PASSWORD, password: dossier, pin: 4821 }],
    ["pin", { dossier: cardNumber, password: PASSWORD, pin: "4821" }],
    ["pin", { [PASSWORD]: dossier, [openingCode]: cardNumber }],
    ["pin-state", [PASSWORD, openingCode]],
    ["pin-state", { dossier: "D-NOBODY", password: PASSWORD }],
    [`${encodeURIComponent(PASSWORD)}`, {}],
  ] as const) {
    const { body: told } = await running.ask(`/v1/account/${path}`, body);
    expect(told).toHaveProperty("code");
  }
  const codes = [];
  for (let times = 0; times < 6; times += 1) {
    codes.push((await running.setPin(pupil, "5083", WRONG_PASSWORD)).body["code"]);
  }
  expect(codes.at(-1)).toBe("TOO_MANY_TRIES");
  let status = 0;
  for (let times = 0; status !== 429 && times < 100; times += 1) {
    ({ status } = await running.askRaw({ path: "/v1/account/pin", body: `"${WRONG_PASSWORD}"` }));
  }
  expect(running.log()).toContain('"code":"RATE_LIMITED"');
}

/** Events and acts of the operators' listener with secrets in the wrong fields, and an agent that is made. */
export async function officeWork(run: SecretRun, pupil: Pupil): Promise<void> {
  const { operator } = run.running;
  const { cardNumber } = pupil;
  const agent = await operator.post("/v1/agents", { id: "operator-9", role: "operator" });
  run.plant(...secretsOfAgent(agent.body));
  const other = aPupil();
  run.plant(...secretsOfCard("another card", other));
  const swapped = { ...other, id: cardNumber };
  const events: object[] = [
    ordered(swapped),
    validated(swapped),
    issuedCard(swapped),
    issuedCard(pupil, { card: { number: other.id, uid: cardNumber, generation: cardNumber } }),
    issuedCard(pupil, { card: cardNumber }),
    ordered(other, { holder: { cardNumber } }),
    ordered(other, { campaign: cardNumber }),
    ordered(other, { id: cardNumber }),
    ordered(other, { [cardNumber]: PASSWORD }),
    { id: randomUUID(), type: cardNumber },
  ];
  for (const event of events) await operator.send(event);
  const lines = events.map((event) => JSON.stringify(event));
  await operator.batch([...lines, `{"number": "${cardNumber}"`, cardNumber]);
  await operator.post(`/v1/beneficiaries/${cardNumber}/account`, { birthDay: BIRTH_DAY });
  await operator.post(`/v1/beneficiaries/${pupil.id}/account`, { birthDay: cardNumber });
  const asked = { kind: "printed", cardNumbers: [cardNumber] };
  await operator.post("/v1/qr-codes", { ...asked, cardNumbers: [`${cardNumber}0`] });
  await operator.post("/v1/qr-codes", { ...asked, kind: cardNumber });
  expect(await operator.post("/v1/qr-codes", asked)).toMatchObject({ status: 200 });
  await operator.get(`/v1/terminals?partner=${cardNumber}`);
  await operator.post("/v1/terminals/T-X/activation-codes", { pointOfSale: cardNumber });
}

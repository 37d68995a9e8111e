// What the gateway logs of good and bad requests: who, what and how long, and nothing that stands for a card or a PIN.

import { randomBytes } from "node:crypto";
import { createLogger } from "@pass-tpe/gateway";
import { uuidV7 } from "@pass-tpe/protocol";
import { expect, test } from "vitest";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson, raw } from "../support/raw-client.js";
import { startTestGateway } from "../support/running-gateway.js";

/** A place for a log to go, and what has gone there. */
function captured() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { destination, text: () => lines.join("") };
}

const newId = () => uuidV7(Date.now(), randomBytes(10));

test("sales, refusals and broken requests leave their codes in the log, and no secret", async () => {
  const { destination, text } = captured();
  const running = await startTestGateway({ log: createLogger({ level: "trace", destination }) });
  const agent = agentFor(await running.terminal());
  const card = await running.card();
  const url = `${running.gateway.url}/v1/authorizations`;
  const tap = nfcEvidence(running.gateway, card);
  const token = running.gateway.operator.qrToken({ kind: "printed", cardNumber: card.cardNumber });
  const pinBlock = { ksn: "50415353000000000000000A", block: "C0FFEE00C0FFEE00C0FFEE00C0FFEE00" };
  const sale = { avantage: "SPECTACLE", purchaseCents: 100 };
  const inquiry = { id: newId(), evidence: nfcEvidence(running.gateway, card) };
  const asked = await postJson({
    agent,
    url: `${running.gateway.url}/v1/inquiries`,
    body: inquiry,
  });
  for (const evidence of [
    tap,
    { type: "qr", token, pinBlock },
    { type: "keyed", cardNumber: card.cardNumber, pinBlock },
    { type: "keyed", cardNumber: card.cardNumber, pinBlock: { ...pinBlock, pin: "4821" } },
  ]) {
    await postJson({ agent, url, body: { id: newId(), evidence, ...sale } });
  }
  await raw({ agent, url, body: `{"evidence":"${tap.message}"` });
  await running.stop();
  agent.destroy();
  for (const code of [
    "INQUIRY_ANSWERED",
    "CARD_NOT_GENUINE",
    "PIN_BLOCK_INVALID",
    "FORMAT_ERROR",
  ]) {
    expect(text()).toContain(code);
  }
  const proofRef = String(asked.body["proofRef"]);
  for (const secret of [tap.message, token, card.cardNumber, pinBlock.block, proofRef]) {
    expect(secret.length).toBeGreaterThan(8);
    expect(text()).not.toContain(secret);
  }
});

test("why the store failed is in the log, and not in the answer", async () => {
  const { destination, text } = captured();
  let broken = false;
  const running = await startTestGateway({
    log: createLogger({ level: "trace", destination }),
    makeDriver: (path) => {
      const driver = sqliteDriver(path);
      const begin = () => {
        if (broken) throw new Error("the disk is on fire");
        return driver.begin();
      };
      return { ...driver, begin };
    },
  });
  const agent = agentFor(await running.terminal());
  const evidence = nfcEvidence(running.gateway, await running.card());
  broken = true;
  const { status, body } = await postJson({
    agent,
    url: `${running.gateway.url}/v1/authorizations`,
    body: { id: newId(), evidence, avantage: "SPECTACLE", purchaseCents: 100 },
  });
  broken = false;
  await running.stop();
  agent.destroy();
  expect(status).toBe(503);
  expect(JSON.stringify(body)).not.toContain("on fire");
  expect(text()).toContain("the disk is on fire");
  expect(text()).toContain('"code":"SYSTEM_ERROR"');
});

test("a line that carries a secret field by mistake is censored", () => {
  const { destination, text } = captured();
  const log = createLogger({ destination });
  const secret = "4821-secret";
  for (const field of [
    "evidence",
    "token",
    "cardNumber",
    "pinBlock",
    "pin",
    "proofRef",
    "privateKey",
  ]) {
    log.info({ [field]: secret, request: { [field]: secret, deeper: { [field]: secret } } });
  }
  expect(text()).toContain("[redacted]");
  expect(text()).not.toContain(secret);
});

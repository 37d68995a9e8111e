// Many terminals at once, enrolled by code over the network: all under one RSA key, because to make a hundred takes minutes.

import { constants, privateDecrypt } from "node:crypto";
import { Agent } from "node:https";
import type { TerminalCredentials } from "@pass-tpe/gateway";
import { EnrolmentAnswerSchema } from "@pass-tpe/protocol";
import forge from "node-forge";
import { secretOf } from "../support/device.js";
import { postJson } from "../support/raw-client.js";
import { POINT_OF_SALE, type TestGateway } from "../support/running-gateway.js";

/** One address may enrol ten a minute. */
const TERMINALS_AN_ADDRESS = 10;
let addresses = 0;

/** Enrols terminals with these ids under the key of one that there is. Each has a certificate and a PIN key of its own. */
export async function enrolFleet(
  running: TestGateway,
  fleet: { readonly ids: readonly string[]; readonly keyOf: TerminalCredentials },
): Promise<readonly TerminalCredentials[]> {
  const { ids, keyOf } = fleet;
  const csr = requestUnder(keyOf.privateKey);
  const enrolled: TerminalCredentials[] = [];
  for (let from = 0; from < ids.length; from += TERMINALS_AN_ADDRESS) {
    const agent = stranger(keyOf.ca);
    const few = ids.slice(from, from + TERMINALS_AN_ADDRESS);
    enrolled.push(
      ...(await Promise.all(few.map((id) => enrol({ running, agent, csr, id, keyOf })))),
    );
    agent.destroy();
  }
  return enrolled;
}

async function enrol(options: {
  readonly running: TestGateway;
  readonly agent: Agent;
  readonly csr: string;
  readonly id: string;
  readonly keyOf: TerminalCredentials;
}): Promise<TerminalCredentials> {
  const { running, agent, csr, id, keyOf } = options;
  const secret = await secretFor(running, id);
  const { body } = await askCertificate(running, { agent, secret, csr });
  const { certificate, pinKey } = EnrolmentAnswerSchema.parse(body);
  return {
    ca: keyOf.ca,
    certificate,
    privateKey: keyOf.privateKey,
    pinKey: {
      initialKeyHex: unwrap(keyOf.privateKey, pinKey.wrappedKey),
      initialKeyIdHex: pinKey.initialKeyId,
    },
  };
}

/** The secret of an activation code for a terminal at the test's point of sale. */
export async function secretFor(running: TestGateway, terminalId: string): Promise<string> {
  const asked = { terminalId, pointOfSaleId: POINT_OF_SALE, validMinutes: 60 };
  const made = await running.gateway.operator.makeActivationCode(asked);
  if (made.type !== "made") throw new Error(`no code for ${terminalId}: ${made.type}`);
  return secretOf(made.activationCode);
}

/** Asks for a certificate by the secret of a code, as somebody who has none. */
export function askCertificate(
  running: TestGateway,
  asked: { readonly agent: Agent; readonly secret: string; readonly csr: string },
): ReturnType<typeof postJson> {
  const { agent, ...body } = asked;
  return postJson({ agent, url: `${running.gateway.url}/v1/terminals/enrolments`, body });
}

/** A connection of nobody, from an address of this machine that was not used before. */
export function stranger(ca: string): Agent {
  addresses += 1;
  return new Agent({ ca, localAddress: `127.0.1.${addresses}` });
}

/** What a device asks a certificate with, PEM. */
export function requestUnder(privateKey: string, commonName = "one of many"): string {
  const key = forge.pki.privateKeyFromPem(privateKey);
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  request.setSubject([{ name: "commonName", value: commonName }]);
  request.sign(key, forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request);
}

function unwrap(key: string, wrapped: string): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const bytes = Buffer.from(wrapped, "base64");
  return privateDecrypt({ key, padding, oaepHash: "sha256" }, bytes).toString("hex");
}

// A running gateway with pupils who have a card, and what they do in their own accounts over TLS without a certificate.

import { Agent as HttpsAgent } from "node:https";
import { createLogger, type GatewayOptions } from "@pass-tpe/gateway";
import { expect } from "vitest";
import { type RawTill, rawTill } from "../codes/raw-till.js";
import {
  type AgentClient,
  type OperatorsGateway,
  startOperatorsGateway,
} from "../operators/agents.js";
import { aPupil, type Pupil, wholePupil } from "../operators/events.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { type RawAnswer, raw } from "../support/raw-client.js";
import { programmeAround } from "../support/running-gateway.js";

export const PASSWORD = "une phrase que personne ne devine";
export const BIRTH_DAY = "2007-03-29";

export interface Heard {
  readonly status: number;
  readonly headers: RawAnswer["headers"];
  readonly body: Record<string, unknown>;
}

export interface HoldersGateway extends OperatorsGateway {
  readonly operator: AgentClient;
  readonly till: RawTill;
  /** Everything that was logged so far. */
  log(): string;
  /** Moves the gateway's clock on, which stands still otherwise. */
  advance(ms: number): void;
  /** Sends to the holders' listener. */
  ask(path: string, body: unknown): Promise<Heard>;
  /** Sends a body as it stands. */
  askRaw(
    options: Omit<Parameters<typeof raw>[0], "agent" | "url"> & { path: string },
  ): Promise<RawAnswer>;
  /** A pupil with an active card that has no PIN, and rights. */
  pupil(): Promise<Pupil>;
  /** The opening code that an office gives a pupil. */
  invite(dossier: string): Promise<string>;
  /** A pupil whose account is open under {@link PASSWORD}. */
  openedPupil(): Promise<Pupil>;
  setPin(pupil: Pick<Pupil, "id">, pin: string, password?: string): Promise<Heard>;
  /** The code of a sale of a few cents by the printed code and a PIN. */
  scan(cardNumber: string, pin: string): Promise<unknown>;
  /** The code of a sale by a tap. */
  tap(pupil: Pick<Pupil, "uid">): Promise<unknown>;
}

/** Starts it. A tap needs a PIN to have been set, as the checked-in programme says. */
export async function startHoldersGateway(
  options: Partial<GatewayOptions> = {},
): Promise<HoldersGateway> {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  let nowMs = Date.now();
  const running = await startOperatorsGateway({
    programme: programmeAround(Date.now()),
    log: createLogger({ level: "trace", destination }),
    // Both move together: a wall clock that moves alone has jumped.
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    // All tests come from one address.
    holderRequestsPerMinute: 10_000,
    ...options,
  });
  const operator = await running.as("operator");
  const agent = new HttpsAgent({ ca: operator.credentials.ca, keepAlive: true });
  const till = rawTill(running.gateway.url, await running.terminal());
  const stopGateway = running.stop;

  const askRaw: HoldersGateway["askRaw"] = ({ path, ...request }) =>
    raw({ agent, url: `${running.gateway.holderUrl}${path}`, ...request });

  async function ask(path: string, body: unknown): Promise<Heard> {
    const { status, headers, text } = await askRaw({ path, body: JSON.stringify(body) });
    return { status, headers, body: JSON.parse(text) };
  }

  async function pupil(): Promise<Pupil> {
    const made = aPupil();
    for (const event of wholePupil(made)) {
      expect(await operator.send(event)).toMatchObject({ status: 200 });
    }
    return made;
  }

  async function invite(dossier: string): Promise<string> {
    const path = `/v1/beneficiaries/${dossier}/account`;
    const { status, body } = await operator.post(path, { birthDay: BIRTH_DAY });
    expect(status).toBe(200);
    return String(body["openingCode"]);
  }

  const sale = { avantage: "LIVRES_LOISIR", purchaseCents: 1 };
  return Object.assign(running, {
    operator,
    till,
    log: () => lines.join(""),
    advance(ms: number) {
      nowMs += ms;
    },
    ask,
    askRaw,
    pupil,
    invite,
    async openedPupil() {
      const made = await pupil();
      const openingCode = await invite(made.id);
      const opening = { dossier: made.id, openingCode, password: PASSWORD };
      expect(await ask("/v1/account/opening", opening)).toMatchObject({ status: 200 });
      return made;
    },
    setPin: ({ id: dossier }: Pick<Pupil, "id">, pin: string, password = PASSWORD) =>
      ask("/v1/account/pin", { dossier, password, pin }),
    async scan(cardNumber: string, pin: string) {
      const token = running.gateway.operator.qrToken({ kind: "printed", cardNumber });
      const pinBlock = till.pinBlock(cardNumber, pin);
      return (await till.sell({ evidence: { type: "qr", token, pinBlock }, ...sale })).body["code"];
    },
    async tap(card: Pick<Pupil, "uid">) {
      const evidence = nfcEvidence(running.gateway, card);
      return (await till.sell({ evidence, ...sale })).body["code"];
    },
    async stop() {
      agent.destroy();
      till.close();
      await stopGateway();
    },
  });
}

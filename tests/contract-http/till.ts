// A till for the contracts of gateways: it starts the one under test, and sends what a test tells it.

import { randomBytes } from "node:crypto";
import type { AgentOptions } from "node:https";
import { AuthorizationAnswerSchema, type Evidence, uuidV7 } from "@pass-tpe/protocol";
import { afterAll, beforeAll } from "vitest";
import { type RawClient, rawClient } from "./client.js";
import { expectDecision } from "./expectations.js";

export interface GatewayUnderTest {
  readonly url: string;
  /** The terminal's certificate and the authority, where the gateway asks for them. */
  readonly agentOptions: AgentOptions;
  /**
   * A new tap of a card whose holder has at least 30 € and 5 seats when the suite begins. Taps are used in the
   * order in which they are made.
   */
  freshNfcEvidence(): Evidence;
  /** Moves the gateway's clock on. */
  letPass(ms: number): void;
  /** An avantage in euros and one in seats that this terminal accepts. */
  readonly euros: string;
  readonly seats: string;
  stop(): Promise<void>;
}

export interface ContractSale {
  readonly id: string;
  readonly evidence: Evidence;
  readonly avantage: string;
  readonly purchaseCents?: number;
  readonly quantity?: number;
  readonly exact?: boolean;
  readonly capture?: boolean;
  readonly stepUpOf?: string;
}

/** Starts a gateway once for the tests around it, and stops it after them. To be called within `describe`. */
export function contractTill(start: () => Promise<GatewayUnderTest>) {
  let running: { readonly gateway: GatewayUnderTest; readonly client: RawClient } | null = null;
  beforeAll(async () => {
    const gateway = await start();
    running = { gateway, client: rawClient(gateway) };
  });
  afterAll(async () => {
    running?.client.close();
    await running?.gateway.stop();
  });
  const parts = () => {
    if (running === null) throw new Error("the gateway under test is started before the tests");
    return running;
  };
  const newId = () => uuidV7(Date.now(), randomBytes(10));
  const sale = (fields: Partial<ContractSale> = {}): ContractSale => ({
    id: newId(),
    evidence: parts().gateway.freshNfcEvidence(),
    avantage: parts().gateway.euros,
    purchaseCents: 100,
    ...fields,
  });
  const post = (path: string, body: unknown) =>
    parts().client.send({ method: "POST", path, body: JSON.stringify(body) });
  const authorize = (body: unknown) => post("/v1/authorizations", body);
  const decided = async (body: unknown) =>
    AuthorizationAnswerSchema.parse(expectDecision(await authorize(body)));
  const reverse = (id: string, reason = "automatic") =>
    post(`/v1/authorizations/${id}/reversal`, { reason });
  const statusOf = (id: string) =>
    parts().client.send({ method: "GET", path: `/v1/authorizations/${id}` });

  /** How much is left, by a sale of nothing more than a cent, taken back. */
  async function leftCents(): Promise<number> {
    const probe = sale({ purchaseCents: 1 });
    const { remaining } = await decided(probe);
    await reverse(probe.id);
    return (remaining?.value ?? Number.NaN) + 1;
  }

  return {
    gateway: () => parts().gateway,
    client: () => parts().client,
    newId,
    sale,
    post,
    authorize,
    decided,
    reverse,
    statusOf,
    leftCents,
  };
}

export type ContractTill = ReturnType<typeof contractTill>;

// A till that sends its requests itself over mutual TLS, so that it can send what the SDK never would.

import { randomBytes } from "node:crypto";
import type { TerminalCredentials } from "@pass-tpe/gateway";
import { type Evidence, uuidV7 } from "@pass-tpe/protocol";
import { type MakePinBlock, pinBlocksUnder } from "../support/pin-blocks.js";
import { agentFor, postJson, raw } from "../support/raw-client.js";
import type { SdkShown } from "./row.js";

export interface Heard {
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** What the SDK made of it, where it was asked by the SDK. */
  readonly shown?: SdkShown;
}

export interface RawTill {
  readonly credentials: TerminalCredentials;
  newId(): string;
  /** Sends a sale; an id is made where none is given. */
  sell(sale: SaleFields): Promise<Heard>;
  inquire(inquiry: SaleFields): Promise<Heard>;
  reverse(id: unknown, reason: "manual" | "automatic"): Promise<Heard>;
  /** An amount or a number; with neither, all of it. */
  capture(id: unknown, part?: object): Promise<Heard>;
  /** A refund's own id is made where none is given. */
  refund(of: unknown, part?: object): Promise<Heard>;
  /** Sends anything anywhere. */
  post(path: string, body: unknown): Promise<Heard>;
  /** As {@link post}, and without this terminal's certificate. */
  postUnnamed(path: string, body: unknown): Promise<Heard>;
  read(path: string): Promise<Heard>;
  /** What the pad makes of four digits. */
  readonly pinBlock: MakePinBlock;
  close(): void;
}

export interface SaleFields {
  readonly id?: string;
  readonly evidence: Evidence;
  readonly avantage?: string;
  readonly purchaseCents?: number;
  readonly quantity?: number;
  readonly exact?: boolean;
  readonly capture?: boolean;
  readonly deadlineMs?: number;
  readonly stepUpOf?: string;
}

export function rawTill(url: string, credentials: TerminalCredentials): RawTill {
  const agent = agentFor(credentials);
  const unnamed = agentFor(credentials, false);
  const newId = () => uuidV7(Date.now(), randomBytes(10));
  const post = (path: string, body: unknown) => postJson({ agent, url: url + path, body });
  return {
    credentials,
    newId,
    post,
    sell: (sale) => post("/v1/authorizations", { id: newId(), ...sale }),
    inquire: (inquiry) => post("/v1/inquiries", { id: newId(), ...inquiry }),
    reverse: (id, reason) => post(`/v1/authorizations/${id}/reversal`, { reason }),
    capture: (id, part = {}) => post(`/v1/authorizations/${id}/capture`, part),
    refund: (of, part = {}) => post(`/v1/authorizations/${of}/refunds`, { id: newId(), ...part }),
    postUnnamed: (path, body) => postJson({ agent: unnamed, url: url + path, body }),
    async read(path) {
      const { status, text } = await raw({ agent, url: url + path });
      return { status, body: JSON.parse(text) };
    },
    pinBlock: pinBlocksUnder(credentials.pinKey),
    close() {
      agent.destroy();
      unnamed.destroy();
    },
  };
}

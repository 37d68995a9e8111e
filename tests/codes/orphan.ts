// A gateway whose terminal loses its partner.

import { join } from "node:path";
import type { TerminalCredentials } from "@pass-tpe/gateway";
import Database from "better-sqlite3";
import { freePort } from "../../simulators/src/free-ports.js";
import { startTestGateway, type TestCard, type TestGateway } from "../support/running-gateway.js";
import type { Rig } from "./rig.js";

export interface Orphan {
  readonly running: TestGateway;
  readonly credentials: TerminalCredentials;
  readonly card: TestCard;
  /** Starts the gateway again, at the same address, on a ledger without the partner. */
  losePartner(): Promise<void>;
}

/**
 * No event and no load leaves a point of sale without its partner: the schema refuses it. A database that was mended
 * by hand can.
 */
export async function startOrphan({ log }: Pick<Rig, "log">): Promise<Orphan> {
  const running = await startTestGateway({ log, port: await freePort() });
  const credentials = await running.terminal("T-ORPHAN");
  const card = await running.card();
  return {
    running,
    credentials,
    card,
    async losePartner() {
      await running.gateway.close();
      const database = new Database(join(running.dataFolder, "gateway.db"));
      database.pragma("foreign_keys = OFF");
      database.prepare("DELETE FROM partners").run();
      database.close();
      await running.restart();
    },
  };
}

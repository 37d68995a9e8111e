// A sync of the real gateway fails: nobody of that commit is answered, the process ends, and the next one knows by id.

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { uuidV7 } from "@pass-tpe/protocol";
import { expect, onTestFinished, test } from "vitest";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson } from "../support/raw-client.js";
import { describeSystem } from "../support/suites.js";
import { startGatewayProcess } from "./gateway-process.js";
import { scratchGateway } from "./scratch-gateway.js";

const TILLS = 4;
const CENTS = 100;
/** More than a start makes; from here on every sync of a thread fails, and no sale's is done any more. */
const SYNCS_THAT_PASS = 80;
const EXIT_DOUBT = 70;
const TIMEOUT_MS = 120_000;

/** Of one till, one after the other: several times as many frames as make the log be moved. */
const SALES_IN_THE_LOG = 250;

describeSystem("strace")("a sync of the database's own file that fails", () => {
  test(
    "is told and tried again, and no sale is refused or lost by it: each stands in the log",
    async () => {
      const shop = await scratchGateway(async (gateway) => ({
        card: await gateway.card({ grants: { SPECTACLE: 1_000_000 } }),
        credentials: await gateway.terminal(),
      }));
      onTestFinished(shop.remove);
      const database = join(shop.dataFolder, "gateway.db");
      const trace = ["-P", database, "-e", "trace=fsync,fdatasync"];
      const inject = ["-e", "inject=fsync,fdatasync:error=EIO"];
      const under = ["strace", "-f", "-o", "/dev/null", ...trace, ...inject];
      const gateway = await startGatewayProcess({ ...shop, under });
      onTestFinished(gateway.kill);
      const agent = agentFor(shop.content.credentials);
      onTestFinished(() => agent.destroy());
      const sold: string[] = [];
      for (let sale = 0; sale < SALES_IN_THE_LOG; sale += 1) {
        const id = uuidV7(Date.now(), randomBytes(10));
        const evidence = nfcEvidence(shop.loaded, shop.content.card);
        const body = { id, evidence, avantage: "SPECTACLE", purchaseCents: CENTS };
        const url = `${gateway.url}/v1/authorizations`;
        expect(await postJson({ agent, url, body })).toMatchObject({
          status: 200,
          body: { outcome: "approved" },
        });
        sold.push(id);
      }
      const told = gateway.lines.filter((line) => line.includes("could not be moved"));
      expect(told.length).toBeGreaterThan(1);
      expect(told.join()).toContain("SQLITE_IOERR_FSYNC");
      gateway.kill();
      await gateway.ended;
      const { attempts, entries } = await shop.ledger();
      expect(attempts.map(({ id }) => id)).toEqual(sold);
      expect(entries).toHaveLength(sold.length);
      expect((await shop.verify()).faults).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describeSystem("strace")("a sync that fails", () => {
  test(
    "ends the process with 70 and no answer, and the next start answers every id by what is true",
    async () => {
      const shop = await scratchGateway((gateway) =>
        Promise.all(
          Array.from({ length: TILLS }, async () => ({
            card: await gateway.card({ grants: { SPECTACLE: 1_000_000 } }),
            credentials: await gateway.terminal(),
          })),
        ),
      );
      onTestFinished(shop.remove);
      const inject = `inject=fsync,fdatasync:error=EIO:when=${SYNCS_THAT_PASS}+`;
      const under = [
        "strace",
        "-f",
        "-o",
        "/dev/null",
        "-e",
        "trace=fsync,fdatasync",
        "-e",
        inject,
      ];
      const dying = await startGatewayProcess({ ...shop, under });
      onTestFinished(dying.kill);

      const tills = shop.content.map(({ card, credentials }) => {
        const agent = agentFor(credentials);
        onTestFinished(() => agent.destroy());
        const newSale = () => ({
          id: uuidV7(Date.now(), randomBytes(10)),
          evidence: nfcEvidence(shop.loaded, card),
          avantage: "SPECTACLE",
          purchaseCents: CENTS,
        });
        const send = (url: string, sale: ReturnType<typeof newSale>) =>
          postJson({ agent, url: `${url}/v1/authorizations`, body: sale });
        return { newSale, send };
      });
      const answers = new Map<string, object>();
      const unanswered = await Promise.all(
        tills.map(async ({ newSale, send }) => {
          // Ends: the gateway does, after as many commits as it may sync.
          for (;;) {
            const sale = newSale();
            try {
              const { status, body } = await send(dying.url, sale);
              expect(status).toBe(200);
              answers.set(sale.id, body);
            } catch {
              return sale;
            }
          }
        }),
      );
      expect(await dying.exitCode).toBe(EXIT_DOUBT);
      expect(dying.lines.filter((line) => line.includes("a commit is in doubt"))).not.toEqual([]);
      expect(answers.size).toBeGreaterThan(0);

      const next = await startGatewayProcess(shop);
      onTestFinished(next.kill);
      for (const [index, till] of tills.entries()) {
        const sale = unanswered[index];
        if (!sale) throw new Error("a till without a last sale");
        const { body } = await till.send(next.url, sale);
        expect(body).toMatchObject({ outcome: "approved", amountCents: CENTS });
        answers.set(sale.id, body);
      }
      expect(await next.terminate()).toBe(0);
      const { attempts, entries } = await shop.ledger();
      const stored = new Map(attempts.map(({ id, answer }) => [id, JSON.parse(answer ?? "null")]));
      expect(stored).toEqual(answers);
      expect(entries.map(({ attemptId }) => attemptId).sort()).toEqual([...answers.keys()].sort());
      expect((await shop.verify()).faults).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

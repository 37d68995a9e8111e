// One terminal of the kill test: sends its sales one after another, repeats what got no answer, and keeps a journal.

import type { TerminalCredentials } from "@pass-tpe/gateway";
import { type AuthorizationAnswer, AuthorizationAnswerSchema } from "@pass-tpe/protocol";
import { agentFor, postJson } from "../support/raw-client.js";
import type { Life, MortalGateway } from "./mortal-gateway.js";
import { replayOf, type Sale } from "./sales.js";

/** A sale with the answer that the terminal has seen. */
export interface Journalled {
  readonly terminalId: string;
  readonly sale: Sale;
  readonly answer: AuthorizationAnswer;
  /** How often it was sent and no answer was seen, because the process was killed. */
  readonly unanswered: number;
  /** An answer that was cut off by a kill: the sale was stored, and its repeat must be answered alike. */
  readonly cutOff: AuthorizationAnswer | null;
  /** Whether its evidence had been used in a sale before a kill. */
  readonly replay: boolean;
}

/** How often a sale may meet a kill before the test gives up. */
const SENDS_MAX = 10;

/** Makes `count` sales. After each restart that it notices, it also presents the last used evidence once more. */
export async function runTill(options: {
  readonly terminalId: string;
  readonly credentials: TerminalCredentials;
  readonly gateway: MortalGateway;
  readonly nextSale: () => Sale;
  readonly count: number;
}): Promise<readonly Journalled[]> {
  const { gateway, terminalId } = options;
  const agent = agentFor(options.credentials);
  const journal: Journalled[] = [];

  async function ask(sale: Sale, replay: boolean): Promise<Life> {
    let cutOff: AuthorizationAnswer | null = null;
    for (let unanswered = 0; unanswered < SENDS_MAX; unanswered += 1) {
      const life = await gateway.current();
      try {
        const url = `${life.process.url}/v1/authorizations`;
        const { status, body } = await postJson({ agent, url, body: sale });
        if (status !== 200) throw new RefusedError(`${status} ${JSON.stringify(body)}`);
        const answer = AuthorizationAnswerSchema.parse(body);
        if (gateway.countAnswer().cutOff) {
          cutOff = answer;
          continue;
        }
        journal.push({ terminalId, sale, answer, unanswered, cutOff, replay });
        return life;
      } catch (error) {
        if (error instanceof RefusedError || !gateway.wasKilled(life)) throw error;
      }
    }
    throw new Error(`${sale.id}: no answer after ${SENDS_MAX} sends`);
  }

  let answeredIn: Life | null = null;
  let lastAnswered: Sale | null = null;
  for (let made = 0; made < options.count; made += 1) {
    const sale = options.nextSale();
    const life = await ask(sale, false);
    if (lastAnswered !== null && life !== answeredIn) await ask(replayOf(lastAnswered), true);
    answeredIn = life;
    lastAnswered = sale;
  }
  agent.destroy();
  return journal;
}

/** The gateway answered with a problem document: no kill explains that. */
class RefusedError extends Error {
  override readonly name = "RefusedError";
}

// What can be typed at a running cluster: sales, looks, and everything that breaks it.

import type { Cluster } from "./cluster.js";
import type { ClusterGateways } from "./gateways.js";
import { GATEWAYS, NODES } from "./members.js";
import { COMMANDS_HELP } from "./options.js";
import type { TryingTill } from "./till.js";
import { inWords } from "./view.js";

export interface Commands {
  /** Does what a line says; false where it says `quit`. What fails is said, and ends nothing. */
  take(line: string): Promise<boolean>;
  /** Makes a sale, and says what became of it. @returns whether it was approved. */
  sell(): Promise<boolean>;
}

export function createCommands(parts: {
  readonly cluster: Cluster;
  readonly gateways: ClusterGateways;
  readonly till: TryingTill;
  readonly say: (line: string) => void;
}): Commands {
  const { cluster, gateways, till, say } = parts;
  const machines = { ...cluster.nodes, ...gateways.all };
  const isMachine = (name: string): name is keyof typeof machines => Object.hasOwn(machines, name);

  async function sell(): Promise<boolean> {
    const startedMs = performance.now();
    const { outcome, code } = await till.sell();
    say(`sale ${outcome} (${code}) after ${Math.round(performance.now() - startedMs)} ms`);
    return outcome === "approved";
  }

  async function look(): Promise<void> {
    const ready = await Promise.all(GATEWAYS.map((name) => gateways.all[name].isReady()));
    const words = GATEWAYS.map((name, at) => `${name} ${ready[at] ? "ready" : "not ready"}`);
    say(`${inWords(await cluster.look())}, ${words.join(", ")}`);
  }

  function act(verb: string, name: string): void {
    const node = NODES.find((one) => one === name);
    const isVerb = verb === "kill" || verb === "start" || verb === "pause" || verb === "resume";
    if (verb === "heal") cluster.network.heal();
    else if (verb === "cut" && node !== undefined) cluster.cutOff(node, "nodes");
    else if (isVerb && isMachine(name)) machines[name][verb]();
    else say(`not understood. These are:\n${COMMANDS_HELP}`);
  }

  return {
    sell,
    async take(line) {
      const [verb = "", name = ""] = line.trim().split(/\s+/);
      if (verb === "quit") return false;
      try {
        if (verb === "sell") await sell();
        else if (verb === "look") await look();
        else if (verb !== "") act(verb, name);
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
      }
      return true;
    },
  };
}

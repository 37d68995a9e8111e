// Keeps both gateways of a cluster running as systemd does: one that ends is started again, unless it was killed here.

import type { Remains } from "../chaos/remains.js";
import type { Cluster } from "../cluster/cluster.js";
import { type ClusterGateways, startGateways } from "../cluster/gateways.js";
import { GATEWAYS, type GatewayName } from "../cluster/members.js";
import { tailOf } from "../cluster/program.js";

/** `RestartSec` of deploy/pass-tpe.service. */
const START_AGAIN_MS = 1_000;
/** `pass-tpe serve` ends so when a commit stays in doubt, and finds the truth by id at its next start. */
const EXIT_DOUBT = 70;

export interface KeptGateways extends Pick<ClusterGateways, "all" | "url" | "ready"> {
  /** Ends one without warning. It stays down until it is started. */
  kill(name: GatewayName): void;
  start(name: GatewayName): void;
  /** Ends both without warning, for good. */
  end(): void;
  /** Ends in doubt. */
  readonly doubts: number;
  /** Ends that nobody caused. */
  readonly failures: readonly string[];
}

export function keepGateways(options: {
  readonly cluster: Cluster;
  readonly remains: Remains;
  readonly folder: string;
}): KeptGateways {
  const down = new Set<GatewayName>();
  const failures: string[] = [];
  let doubts = 0;
  const gateways = startGateways({
    ...options,
    onEnd(name, code) {
      if (down.has(name)) return;
      if (code === EXIT_DOUBT) doubts += 1;
      else failures.push(`${name} ended by itself with ${code}: ${tailOf(all[name].logFile)}`);
      setTimeout(() => {
        if (!down.has(name)) all[name].start();
      }, START_AGAIN_MS);
    },
  });
  const { all, url, ready } = gateways;
  const kill = (name: GatewayName) => {
    down.add(name);
    all[name].kill();
  };
  return {
    all,
    url,
    ready,
    kill,
    start(name) {
      down.delete(name);
      all[name].start();
    },
    end() {
      for (const name of GATEWAYS) kill(name);
    },
    get doubts() {
      return doubts;
    },
    failures,
  };
}

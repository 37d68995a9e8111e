// The command line of the cluster: its help, and its options.

import { parseArgs } from "node:util";
import { EXIT_INTERRUPTED } from "../chaos/ending.js";

export const COMMANDS_HELP = `  sell                 one sale, at whichever gateway HAProxy leads to
  look                 what each database says of itself, and which gateways are ready
  kill NAME            end a machine without warning (db1, db2, db3, gw1, gw2)
  start NAME           start what does not run there
  pause NAME           stop a machine in the middle of everything; resume NAME lets it go on
  cut NAME             cut a database off from the other two; heal undoes it
  quit                 end everything`;

export const CLUSTER_HELP = `Usage: npm run cluster -- [options]

Starts, on this machine, three databases (PostgreSQL, Patroni, etcd), HAProxy and two gateways, by the files of deploy/,
with a partner, cards and a till; and makes a sale. Needs Debian's packages postgresql-15, patroni, etcd-server,
python3-etcd and haproxy. As root each machine has a network namespace of its own; otherwise an address of the loopback.

  --once               end after the first sale, with 0 when it was approved
  --keep               keep the folder with data, configuration and logs
  --help               this text

Then it takes these commands, one a line:

${COMMANDS_HELP}

Ctrl-C ends everything, and nothing is left of it. It ends with 1 when something failed, with 2 when the command line is
wrong or a package is missing, and with ${EXIT_INTERRUPTED} when it was interrupted.
`;

export interface ClusterRunOptions {
  readonly once: boolean;
  readonly keep: boolean;
}

/** Null where help was asked for. @throws TypeError that names an option which is not known. */
export function readClusterOptions(args: readonly string[]): ClusterRunOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return values.help ? null : { once: values.once, keep: values.keep };
}

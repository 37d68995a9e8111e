// `pass-tpe agent issue`: the first operator's certificate, made on the data folder of a stopped gateway.

import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Agent, Role } from "../core/loading/event.js";
import { type FoundFolder, readDataFolder } from "../data-folder.js";
import { holdToLedger } from "../ledger-keys.js";
import { openLedger } from "../ledger-place.js";
import { systemClock, systemRandom } from "../main.js";
import { type AgentCredentials, makeAgent } from "../operator.js";
import { COMMAND_LINE, issuedRow } from "../trail.js";
import { type Command, EXIT_OK, needed, reasonOf, takesWords, UsageError } from "./command.js";
import { databaseFrom, LEDGER_HELP, LEDGER_OPTION } from "./ledger-option.js";
import { STORE_KEY_HELP, storeKeyFrom } from "./store-key.js";

const ROLES: readonly Role[] = ["operator", "region", "etablissement"];
const OWNER_ONLY_FILE = 0o600;

export const agent: Command = {
  name: "agent",
  summary: "issue credentials to an operator, the Région or an établissement",
  help: `Usage: pass-tpe agent issue --data FOLDER --store-key FILE --id ID --role ROLE [--etablissement ID] --out FILE

Issues a client certificate for the operators' listener, on the data folder of a gateway that is stopped; on PostgreSQL
gateways may serve meanwhile. Meant for the first operator; that one issues the others over the API. Issued again, an
agent's old certificate is worth nothing.

  --data FOLDER        the gateway's data folder
${LEDGER_HELP}
${STORE_KEY_HELP}
  --id ID              the agent's name in the audit trail: A-Z, a-z, 0-9 and . _ -
  --role ROLE          operator, region or etablissement
  --etablissement ID   whose pupils it may reach; for the role etablissement alone
  --out FILE           the credentials as JSON { ca, certificate, privateKey }, for their owner's eyes; never overwritten
  --help               this text
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...LEDGER_OPTION,
        data: { type: "string" },
        "store-key": { type: "string" },
        id: { type: "string" },
        role: { type: "string" },
        etablissement: { type: "string" },
        out: { type: "string" },
      },
    });
    if (positionals[0] !== "issue") throw new UsageError("agent issue is the one thing it does");
    takesWords(positionals, 1);
    const made = agentFrom(values);
    const path = needed(values.data, "--data");
    const storeKey = storeKeyFrom(values["store-key"]);
    const database = databaseFrom(values.database);
    const folder = readDataFolder({ path, database, storeKey, random: systemRandom });
    await issueInto(needed(values.out, "--out"), () => issue(folder, made));
    return EXIT_OK;
  },
};

function agentFrom(values: {
  readonly id?: string | undefined;
  readonly role?: string | undefined;
  readonly etablissement?: string | undefined;
}): Agent {
  const id = needed(values.id, "--id");
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id)) {
    throw new UsageError("--id must be 1 to 64 of A-Z, a-z, 0-9 and . _ -");
  }
  const role = ROLES.find((known) => known === values.role);
  if (!role) throw new UsageError(`--role must be one of ${ROLES.join(", ")}`);
  const { etablissement = null } = values;
  if ((role === "etablissement") !== (etablissement !== null)) {
    throw new UsageError("--etablissement is for the role etablissement, and needed there");
  }
  return { id, role, etablissement };
}

async function issue(folder: FoundFolder, agent: Agent): Promise<AgentCredentials> {
  const { authority } = folder.keys;
  const { credentials, record } = await makeAgent({ agent, authority, clock: systemClock });
  const driver = await openLedger(folder.place);
  try {
    await holdToLedger(driver, folder);
    // Before it is looked at: nobody revokes the agent meanwhile.
    await driver.begin("alone");
    if ((await driver.agent(agent.id))?.status === "revoked") {
      throw new UsageError(
        `agent ${agent.id} was revoked, and that is not undone: choose another --id`,
      );
    }
    const made = { by: COMMAND_LINE, nowMs: systemClock.nowMs(), random: systemRandom };
    await driver.applyEvent(issuedRow(agent, made), []);
    await driver.load({ agents: [record] });
    await driver.sync();
    return credentials;
  } finally {
    // What was begun and not synced is given up with it.
    await driver.close();
  }
}

/** The file is taken first, so that nothing is issued that could not be written. */
async function issueInto(path: string, make: () => Promise<AgentCredentials>): Promise<void> {
  let file: number;
  try {
    file = openSync(path, "wx", OWNER_ONLY_FILE);
  } catch (error) {
    throw new UsageError(`--out cannot be written, nothing was issued: ${reasonOf(error)}`);
  }
  try {
    writeSync(file, `${JSON.stringify(await make(), null, 2)}\n`);
  } catch (error) {
    rmSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

// What the command line prints: acts of its own, and refusals of secrets that were given in the wrong option.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Pupil } from "../operators/events.js";
import { POINT_OF_SALE } from "../support/running-gateway.js";
import { secretsOfActivationCode, spellings } from "./known.js";
import type { SecretRun } from "./run.js";

/** Commands against the gateway while it runs; then on its folder, and a gateway of its own there. */
export async function commandLine(run: SecretRun, pupil: Pupil): Promise<void> {
  const credentials = join(run.folder, "operator.json");
  writeFileSync(credentials, JSON.stringify(run.running.operator.credentials), { mode: 0o600 });
  await whileItRuns(run, pupil, credentials);
  await run.close();
  run.backUp("data folder, closed");
  await onItsFolder(run);
  await servedByItself(run);
  run.backUp("data folder, at the end");
}

async function whileItRuns(run: SecretRun, pupil: Pupil, credentials: string): Promise<void> {
  const { operatorUrl } = run.running.gateway;
  const to = ["--url", operatorUrl, "--credentials", credentials];
  const { cardNumber } = pupil;
  const out = join(run.folder, "codes");
  const card = ["qr", "--kind", "printed", "--card", cardNumber, "--out", out, "--text"];
  const [enrolled, opened] = await Promise.all([
    run.command("terminal enrol", [
      "terminal",
      "enrol",
      "T-CLI",
      "--point-of-sale",
      POINT_OF_SALE,
      ...to,
    ]),
    run.command("account open", [
      "account",
      "open",
      "--beneficiary",
      pupil.id,
      "--birth-day",
      "2007-03-29",
      ...to,
    ]),
    run.command("qr", [...card, ...to]),
  ]);
  const code = /[0-9A-Z-]{39}/.exec(enrolled.stdout)?.[0] ?? "";
  run.plant(...secretsOfActivationCode("activation code by command", code));
  run.plant(
    ...spellings("opening code by command", / ([0-9A-Z-]{19}) /.exec(opened.stdout)?.[1] ?? ""),
  );
  await together(run, [
    ["terminal", "enrol", "T-CLI", code, "--point-of-sale", POINT_OF_SALE, ...to],
    ["terminal", "enrol", "T-CLI", "--point-of-sale", code, "--valid-minutes", code, ...to],
    ["account", "open", "--beneficiary", cardNumber, "--birth-day", cardNumber, ...to],
    ["qr", "--kind", "app", "--card", `${cardNumber}1`, "--out", out, ...to],
    ["keys", "list", "--data", run.running.dataFolder, "--store-key", storeKeyOf(run)],
  ]);
}

const storeKeyOf = ({ storeKeyFile }: SecretRun) => readFileSync(storeKeyFile, "utf8");

/** Runs commands of which none waits for another. */
async function together(run: SecretRun, commands: readonly (readonly string[])[]): Promise<void> {
  await Promise.all(commands.map((args) => run.command(args.slice(0, 2).join(" "), args)));
}

async function onItsFolder(run: SecretRun): Promise<void> {
  const { storeKeyFile } = run;
  const { dataFolder } = run.running;
  const folder = ["--data", dataFolder, "--store-key", storeKeyFile];
  for (const args of [
    ["verify", "--data", dataFolder, "--json"],
    ["replay", "--data", dataFolder, "--json"],
    ["keys", "list", ...folder],
    ["keys", "rotate", "pepper", ...folder],
    [
      "agent",
      "issue",
      ...folder,
      "--id",
      "a-1",
      "--role",
      "operator",
      "--out",
      join(run.folder, "a-1.json"),
    ],
  ]) {
    await run.command(args.slice(0, 2).join(" "), args);
  }
}

async function servedByItself(run: SecretRun): Promise<void> {
  const { storeKeyFile, programmeFile } = run;
  const { dataFolder } = run.running;
  const args = [
    "serve",
    "--data",
    dataFolder,
    "--store-key",
    storeKeyFile,
    "--programme",
    programmeFile,
  ];
  await run.command("serve", [...args, "--port", "0", "--health-port", "0"], '"serving"');
}

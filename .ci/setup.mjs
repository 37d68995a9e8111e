// @ts-check
// Sets a checkout up (Node version, packages, build): `node .ci/setup.mjs [--quiet]`; `npm test` calls it too.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT, runStep, StepError, say } from "./command.mjs";
import { withLock } from "./lock.mjs";
import { ensurePackages, ensurePcscModule } from "./packages.mjs";

/**
 * @param {{ running: string, needed: string }} versions as "v20.19.1" and as in package.json's engines, ">=20.19"
 * @returns {string | undefined} what is wrong and what to do
 */
export function nodeProblem({ running, needed }) {
  const [major = 0, minor = 0] = running.replace("v", "").split(".").map(Number);
  const [needMajor = 0, needMinor = 0] = needed.replace(">=", "").split(".").map(Number);
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return undefined;
  return `Node ${needMajor}.${needMinor} or newer is needed; this is ${running}. Install a current Node from https://nodejs.org (or with your version manager), then start again.`;
}

/** @throws {StepError} when this Node is too old */
export function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const problem = nodeProblem({ running: process.version, needed: engines.node });
  if (problem !== undefined) throw new StepError(problem);
}

/**
 * Installs what is not installed and builds what changed; alone in this checkout while it does.
 * @param {{ quiet?: boolean, withPcsc?: boolean }} [options] withPcsc: the parts that nfc-pcsc compiles with are there
 * @throws {StepError} with what to do
 */
export async function setUp({ quiet = false, withPcsc = false } = {}) {
  checkNode();
  await withLock(join(ROOT, ".pass-tpe/setup.lock"), async () => {
    await ensurePackages({ quiet });
    if (withPcsc) await ensurePcscModule({ quiet });
    await runStep({
      title: "set-up: build",
      command: "node",
      args: ["node_modules/typescript/bin/tsc", "-b"],
      quiet,
      advise: () => "The sources do not compile: correct what the lines above name.",
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await setUp({ quiet: process.argv.includes("--quiet") });
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

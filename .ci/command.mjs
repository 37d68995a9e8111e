// @ts-check
// Runs one command for the set-up or the checks: shows life while it runs, keeps its output for errors.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The root of the checkout; every command runs there. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

const FIRST_SIGN_MS = 2_000;
const QUIET_FIRST_SIGN_MS = 5_000;
const SIGN_EVERY_MS = 20_000;
const KEPT_OUTPUT_CHARS = 200_000;
const TAIL_LINES = 40;

/** A step that failed for a reason a person can act on; its message is all they need to read. */
export class StepError extends Error {}

/**
 * @typedef {object} Step
 * @property {string} title what is being done, as it is shown
 * @property {string} command program to run; "node" is the Node that runs this file
 * @property {readonly string[]} args
 * @property {string} [note] said once, when the step turns out to be long
 * @property {boolean} [quiet] say nothing unless the step takes longer than 5 s
 * @property {Readonly<Record<string, string>>} [env] added to the environment
 */

/** @param {number} ms @returns {string} seconds, for people */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Progress goes to stderr, so that stdout stays the program's own. @param {string} line */
export const say = (line) => void process.stderr.write(`${line}\n`);

/** @param {string} output @returns {string} its last lines, indented */
export function tail(output) {
  const lines = output.trimEnd().split("\n").slice(-TAIL_LINES);
  return lines.map((line) => `    ${line}`).join("\n");
}

/**
 * Runs a command to its end, whatever its result.
 * @param {Step} step
 * @returns {Promise<{ ok: boolean, output: string, elapsedMs: number }>} output: stdout and stderr, the end of it
 */
export async function run(step) {
  const startedMs = performance.now();
  const stopSigns = showLife(step, startedMs);
  let output = "";
  const ok = await new Promise((resolve) => {
    const child = spawn(step.command === "node" ? process.execPath : step.command, step.args, {
      cwd: ROOT,
      env: { ...process.env, ...step.env },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32" && step.command === "npm", // npm is a batch file there
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output = (output + text).slice(-KEPT_OUTPUT_CHARS);
      });
    }
    child.on("error", (error) => {
      output += `${step.command}: ${error.message}\n`;
      resolve(false);
    });
    child.on("close", (code) => resolve(code === 0));
  });
  stopSigns();
  return { ok, output, elapsedMs: performance.now() - startedMs };
}

/**
 * Runs a command that has to succeed, and says how long it took.
 * @param {Step & { advise?: (output: string) => string }} step advise: what to do, from the failed command's output
 * @throws {StepError} with the end of the output and the advice
 */
export async function runStep(step) {
  const { ok, output, elapsedMs } = await run(step);
  const commandLine = [step.command, ...step.args].join(" ");
  if (!ok) {
    const advice = step.advise?.(output) ?? `Run \`${commandLine}\` to see all of it.`;
    throw new StepError(
      `${step.title}: failed after ${seconds(elapsedMs)} (${commandLine})\n${tail(output)}\n${advice}`,
    );
  }
  if (!step.quiet || elapsedMs > QUIET_FIRST_SIGN_MS) {
    say(`${step.title}: done in ${seconds(elapsedMs)}`);
  }
}

/** @param {Step} step @param {number} startedMs @returns {() => void} ends the signs of life */
function showLife(step, startedMs) {
  const first = setTimeout(
    () => say(`${step.title} ...${step.note ? ` (${step.note})` : ""}`),
    step.quiet ? QUIET_FIRST_SIGN_MS : FIRST_SIGN_MS,
  );
  const later = setInterval(
    () =>
      say(
        `${step.title} ... still running, ${Math.round((performance.now() - startedMs) / 1000)} s`,
      ),
    SIGN_EVERY_MS,
  );
  return () => {
    clearTimeout(first);
    clearInterval(later);
  };
}

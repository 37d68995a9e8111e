// @ts-check
// `npm run fuzz -- --minutes M`: the fuzz tests over and over with fresh seeds, until the time is over or a case fails.
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MINUTE_MS = 60_000;
const MINUTES_MAX = 7 * 24 * 60;
const SEED_MAX = 0x7fff_ffff;
/** Of the usual number of cases, in one round: a seed that fails must not take hours to repeat. */
const FACTOR_MAX = 20;
/** A round that takes so many times as long as it should hangs. */
const HANG_FACTOR = 5;
const HANG_MS_MIN = 10 * MINUTE_MS;

const HELP = `Usage: npm run fuzz -- [--minutes M] [--seed N --factor N]

Runs the properties of tests/fuzz, round after round, each with a seed of its own, until M minutes are over (10). It stops
at the first case that fails, which fast-check has made as small as it could. With a seed it runs that one round alone.

  --minutes M    1 to ${MINUTES_MAX}
  --seed N       a seed that was printed
  --factor N     how many times as many cases as usual: as it was printed beside the seed (1)
`;

/** @param {{ seed: number, factor: number, limitMs: number }} round @returns {Promise<boolean>} whether it passed */
function play({ seed, factor, limitMs }) {
  return new Promise((resolve) => {
    const args = ["node_modules/vitest/vitest.mjs", "run", "tests/fuzz", "--silent=passed-only"];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, PASS_TPE_SEED: String(seed), PASS_TPE_RUNS: String(factor) },
      stdio: "inherit",
    });
    const timer = setTimeout(() => {
      console.log(`the round has taken ${Math.round(limitMs / MINUTE_MS)} minutes: it hangs`);
      child.kill("SIGKILL");
    }, limitMs);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

/** @param {string | undefined} text @param {{ name: string, usual: number, max: number }} of */
function numberFrom(text, { name, usual, max }) {
  const number = text === undefined ? usual : Number(text);
  if (Number.isInteger(number) && number >= 0 && number <= max) return number;
  console.error(`--${name} must be a whole number up to ${max}\n\n${HELP}`);
  return process.exit(2);
}

const { values } = parseArgs({
  options: {
    minutes: { type: "string" },
    seed: { type: "string" },
    factor: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const minutes = numberFrom(values.minutes, { name: "minutes", usual: 10, max: MINUTES_MAX });
const endMs = Date.now() + minutes * MINUTE_MS;
let factor = numberFrom(values.factor, { name: "factor", usual: 1, max: FACTOR_MAX });
let rounds = 0;
let passed = true;
let oneMs = HANG_MS_MIN / HANG_FACTOR;
do {
  const seed =
    values.seed === undefined
      ? randomInt(SEED_MAX)
      : numberFrom(values.seed, { name: "seed", usual: 0, max: SEED_MAX });
  const again = `npm run fuzz -- --seed ${seed} --factor ${factor}`;
  console.log(`round ${rounds + 1}: seed ${seed}, factor ${factor}; again: ${again}`);
  const fromMs = Date.now();
  passed = await play({
    seed,
    factor,
    limitMs: Math.max(HANG_MS_MIN, HANG_FACTOR * oneMs * factor),
  });
  rounds += 1;
  if (!passed) console.log(`FAILED: seed ${seed}, factor ${factor}; again: ${again}`);
  oneMs = (Date.now() - fromMs) / factor;
  // As many as fit into what is left, so that starting takes little of the time.
  factor = Math.max(1, Math.min(FACTOR_MAX, Math.floor((endMs - Date.now()) / oneMs)));
} while (passed && values.seed === undefined && Date.now() < endMs);
console.log(`${rounds} rounds, ${passed ? "none failed" : "the last one failed"}`);
process.exitCode = passed ? 0 : 1;

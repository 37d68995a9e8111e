// The real timer behind the port by which the edge waits.

import type { After } from "../core/ports.js";

export const afterTimeout: After = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

// The sealer's steps on a driver that nobody else uses, each in a transaction of its own.

import { type ChainSteps, createChainSteps } from "../../gateway/src/store/chain/seal.js";
import type { Driver } from "../../gateway/src/store/driver.js";

export function chainStepsOn(driver: Driver): ChainSteps {
  return createChainSteps({
    chain: driver.chain,
    readBehind: async (work) => work(),
    lastCommit: () => 0,
    async runBetween(work) {
      await driver.begin();
      const result = await work();
      await driver.sync();
      return result;
    },
  });
}

// What a failover run holds a cluster to, beside what any run holds a gateway and its tills to.

export const FAILOVER_RULES = {
  goesOn: "after each fault every till sells again by itself within a minute",
  whole: "whoever was killed, paused or cut off takes part again within two minutes",
  former: "a machine that is primary no more confirms nothing",
  rests: "with every machine running again there are a primary, a standby and two gateways",
  sealed: "once nobody sells any more, an exported head covers all that was committed",
  judged: "what the tills saw can be held to the ledger",
} as const;

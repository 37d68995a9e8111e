// The public face of the protocol: everything that a terminal and the gateway must agree on.
export {};

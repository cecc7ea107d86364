/** Sealing and opening, in Node and in the browser. */
export {};

/** What is signed of a flow and of the parameters of a run, and how a signature is checked. */
export {};

/** Why there is no more to be seen of a run that is older than its details. */
export const FORGOTTEN =
  "Its task runs, logs and artifacts are forgotten: it is older than this cloud keeps them. It cannot be restarted; start a new one in its place.";

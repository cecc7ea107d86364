/** A command of `weir`, with the one that makes it reach this cloud before it. */
export function commandHere(command: string): string {
  return `weir login --url ${location.origin}\n${command}`;
}

/** Names of the classes of what was thrown elsewhere: the classes themselves are other objects there. */
const CLASSES = Symbol("weir.classes");

/** Names of an error's class and of those that it extends, the nearest first: of where it was thrown. */
export function classNames(error: object): readonly string[] {
  const remembered = (error as { [CLASSES]?: readonly string[] })[CLASSES];
  if (remembered !== undefined) return remembered;
  const names: string[] = [];
  for (let at: unknown = Object.getPrototypeOf(error); at !== null; at = Object.getPrototypeOf(at)) {
    const { constructor } = at as { constructor?: unknown };
    if (typeof constructor === "function" && constructor !== Object && constructor.name !== "")
      names.push(constructor.name);
  }
  return names;
}

/** Notes of an error that was made again here which classes it had where it was thrown. */
export function rememberClasses(error: Error, classes: readonly string[]): void {
  Object.defineProperty(error, CLASSES, { value: classes });
}

/**
 * Whether what was thrown is of a class, wherever it was thrown: a class of the user's own is another object in every thread, so what comes
 * from there is compared by the names of its classes.
 */
export function isOfClass(thrown: unknown, wanted: abstract new (...args: never[]) => Error): boolean {
  if (thrown instanceof wanted) return true;
  const classes = thrown instanceof Error ? (thrown as { [CLASSES]?: readonly string[] })[CLASSES] : undefined;
  return wanted.name !== "" && classes?.includes(wanted.name) === true;
}

/**
 * Loads a cloud's SDK on its first use: they are optional peers, and one of them costs more start-up than all of a flow's child process.
 * @throws Error a sentence naming the package, when it is not installed.
 */
export async function loadSdk<T>(packageName: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const isMissing =
      cause instanceof Error &&
      "code" in cause &&
      cause.code === "ERR_MODULE_NOT_FOUND" &&
      cause.message.includes(packageName);
    if (!isMissing) throw cause;
    throw new Error(
      `this store needs the package ${packageName}, which is not installed. Run \`npm install ${packageName}\` where the flow lies`,
      { cause },
    );
  }
}

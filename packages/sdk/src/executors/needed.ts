import { executorFailed } from "./thrown.ts";

/**
 * Loads a package that only some users need, so that the others need not install it.
 * @throws WeirError `EXECUTOR_FAILED` that says what to install.
 */
export async function needed<T>(who: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes(`'${name}'`)) throw error;
    throw executorFailed(`${who} needs the package ${name}, which is not installed. Run: npm install ${name}`);
  }
}

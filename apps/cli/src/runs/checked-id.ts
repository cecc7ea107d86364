import { isId } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";

/** An id as it was typed. @throws CliError with exit code 4: nothing has such an id */
export function checkedId(text: string, list = "weir runs list"): string {
  const id = text.trim().toLowerCase();
  if (isId(id)) return id;
  const message = `${JSON.stringify(text)} is no id: those are UUIDs such as 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e. \`${list}\` shows them.`;
  throw new CliError(EXIT.notFound, "NOT_FOUND", message);
}

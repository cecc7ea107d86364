/** What a form's field of this name holds, without room around it; empty for none. */
export function typedText(form: HTMLFormElement, name: string): string {
  return exactText(form, name).trim();
}

/** What a form's field of this name holds, to the last space: of a password, each counts. */
export function exactText(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value : "";
}

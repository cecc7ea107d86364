/** Browsers give the clipboard, like keys and sealing, to pages of HTTPS and of this machine alone. */
export const canCopy: boolean = globalThis.isSecureContext;

/** Takes a text along. @returns false: the browser did not let it */
export async function copyText(text: string): Promise<boolean> {
  if (!canCopy) return false;
  return await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

/** Hands a person a file that the page has made. It was never anywhere else. */
export function saveText(name: string, text: string | readonly string[], type = "text/plain"): void {
  const address = URL.createObjectURL(new Blob([text].flat(), { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/**
 * As a `ref`: where a dialog puts the focus when it is opened. React takes the attribute `autoFocus` for itself, and the dialog looks for it.
 */
export function autofocus(field: HTMLElement | null): void {
  field?.setAttribute("autofocus", "");
}

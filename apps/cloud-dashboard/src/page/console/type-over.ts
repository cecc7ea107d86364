import { EditorView } from "@codemirror/view";

/**
 * Typing over a selection, done by the editor itself. Left to the browser, Chromium would give what is typed the style of what was there, as a
 * `style` attribute, which the page's policy does not allow.
 */
export const TYPE_OVER = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { state } = view;
    const { data } = event;
    const { main } = state.selection;
    if (event.inputType !== "insertText" || data === null || main.empty || view.composing || state.readOnly)
      return false;
    const typing = () => state.update(state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
    const handlers = state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, main.from, main.to, data, typing))) view.dispatch(typing());
    event.preventDefault();
    return true;
  },
});

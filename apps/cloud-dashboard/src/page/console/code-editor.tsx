import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import { classNames } from "../ui/class-names.ts";

interface CodeEditorProps {
  readonly text: string;
  readonly change?: (text: string) => void;
  /** Others make another editor, so they shall stay the same. */
  readonly extensions: Extension;
  readonly className?: string;
}

/**
 * An editor of code. It stands in a shadow root, because there CodeMirror hands its styles to the browser as sheets made by script, which the
 * page's policy allows; elsewhere it writes style elements, which it does not.
 */
export function CodeEditor({ text, change, extensions, className }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useEffectEvent((now: string) => change?.(now));
  const textNow = useEffectEvent(() => text);
  useEffect(() => {
    if (host.current === null) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const listener = EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString());
    });
    const made = new EditorView({ doc: textNow(), extensions: [extensions, listener], parent: root, root });
    view.current = made;
    return () => made.destroy();
  }, [extensions]);
  useEffect(() => {
    const { current } = view;
    if (current === null || current.state.doc.toString() === text) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: text } });
  }, [text]);
  return <div ref={host} className={classNames("min-h-0 overflow-hidden", className)} />;
}

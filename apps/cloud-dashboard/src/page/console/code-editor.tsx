import { Annotation, Compartment, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import { flushSync } from "react-dom";
import { classNames } from "../ui/class-names.ts";

interface CodeEditorProps {
  readonly text: string;
  readonly change?: (text: string) => void;
  /** Others reconfigure the editor, which keeps its text and the keys, so they shall change no more often than they must. */
  readonly extensions: Extension;
  readonly className?: string;
}

/** Of a change that came from `text`: nobody is to be told of it. */
const given = Annotation.define<boolean>();
const exchangeable = new Compartment();

/**
 * An editor of code. It stands in a shadow root, because there CodeMirror hands its styles to the browser as sheets made by script, which the
 * page's policy allows; elsewhere it writes style elements, which it does not.
 */
export function CodeEditor({ text, change, extensions, className }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useEffectEvent((now: string) => change?.(now));
  const first = useEffectEvent(() => ({ doc: text, extensions: exchangeable.of(extensions) }));
  useEffect(() => {
    if (host.current === null) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const listener = EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      if (!docChanged || transactions.some((one) => one.annotation(given) === true)) return;
      // At once: an older text that is drawn later would be written over what was typed meanwhile.
      flushSync(() => changed(state.doc.toString()));
    });
    const { doc, extensions: own } = first();
    const made = new EditorView({ doc, extensions: [own, listener], parent: root, root });
    view.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    view.current?.dispatch({ effects: exchangeable.reconfigure(extensions) });
  }, [extensions]);
  useEffect(() => {
    const { current } = view;
    if (current === null || current.state.doc.toString() === text) return;
    const changes = { from: 0, to: current.state.doc.length, insert: text };
    current.dispatch({ changes, annotations: given.of(true) });
  }, [text]);
  return <div ref={host} className={classNames("min-h-0 overflow-hidden", className)} />;
}

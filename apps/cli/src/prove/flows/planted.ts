// What the scenario's flows have to hide. They read it from a file of the user's side, so that none of it stands in their source.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Text of a channel's canary. */
export function planted(channel: string): string {
  const file = join(import.meta.dirname, "..", "canaries.json");
  const texts = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, string>>;
  return texts[channel] ?? "";
}

const inAscii = (text: string): string =>
  text.replaceAll(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A text as programs write it that mean no harm. Written apart from the gate's own list: what that forgot must not be missing here. */
export function encodings(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(text);
  const bytes = Buffer.from(text, "utf8");
  const html = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.from("xyz").subarray(0, shift), bytes, Buffer.from(" and more")]),
  );
  const pairs = bytes.toString("hex").match(/../g) ?? [];
  return [
    pairs.join(":"),
    pairs.join(" ").toUpperCase(),
    JSON.stringify([...bytes]),
    bytes.join(", "),
    Buffer.from(text, "utf16le").toString("base64"),
    text,
    json,
    JSON.stringify(json).slice(1, -1),
    inAscii(json),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    url,
    url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams({ "": text }).toString().slice(1),
    html.replaceAll("'", "&#39;"),
    html.replaceAll("'", "&#x27;"),
    text.replaceAll("'", `'\\''`),
    text.replaceAll(/["$`\\]/g, (character) => `\\${character}`),
    ...base64.map((group) => group.toString("base64")),
    ...base64.map((group) => group.toString("base64url")),
  ];
}

import { hash } from "node:crypto";
import { LIMITS } from "@weir/protocol/limits";
import { type ByteStore, checkSame, type Content } from "../content.ts";
import { checkedContent, type Label, labelOf, labelText, readLabel, truncatedError } from "../label.ts";
import { Slots } from "../slots.ts";
import { StoreError, type Where, type Written } from "../store.ts";
import { objectError, vanishedError } from "./object-errors.ts";
import type { FoundObject, NewObject, Objects, PutOutcome } from "./objects.ts";

/** Requests of one store at a time. More would wait in the client, each holding its value. */
const AT_A_TIME = 16;

/** Where a store's objects lie. */
export interface Root {
  /** `s3://bucket/` */
  readonly url: string;
  /** `a/b/`, or nothing. */
  readonly prefix: string;
  /** Where a result goes, and whether a template says so. */
  readonly place: (where: Where, serializer: string) => { location: string; isTemplated: boolean };
}

/** A bucket as a store of bytes: labelled, verified, never half there. */
export class ObjectBytes implements ByteStore {
  readonly kind: string;
  readonly #objects: Objects;
  readonly #root: Root;
  readonly #slots = new Slots(AT_A_TIME);

  constructor(kind: string, objects: Objects, root: Root) {
    this.kind = kind;
    this.#objects = objects;
    this.#root = root;
  }

  async write(content: Content, where: Where): Promise<Written> {
    const { location, isTemplated } = this.#root.place(where, content.serializer);
    const key = this.#key(location, "LOCATION_INVALID");
    if (location.length > LIMITS.locationLength) {
      const message = `The result was not written: its location ${location.slice(0, 80)}… has more than ${LIMITS.locationLength} characters. Choose a shorter prefix or template.`;
      throw new StoreError("LOCATION_INVALID", message);
    }
    const label = labelOf(content);
    const object = { data: Buffer.from(content.data), label: labelText(label) };
    const outcome = await this.#tell("write", location, () => this.#put(key, object, isTemplated));
    if (outcome === "taken") await this.#join(key, content, location, where);
    if (outcome === "unconfirmed") await this.#verify(key, label, location);
    return { location, bytes: label.bytes, sha256: label.sha256 };
  }

  async read(location: string): Promise<Content> {
    const key = this.#key(location, "RESULT_READ_FAILED");
    const found = await this.#tell("read", location, () => this.#objects.get(key));
    if (found === null) throw vanishedError(location);
    return contentOf(found, location);
  }

  async exists(location: string): Promise<boolean> {
    const key = this.#key(location, "RESULT_READ_FAILED");
    return await this.#tell("read", location, () => this.#objects.has(key));
  }

  // The look before is for services that take no condition and replace silently; where they do, the condition wins the race.
  async #put(key: string, object: NewObject, isNew: boolean): Promise<PutOutcome> {
    if (isNew && (await this.#objects.has(key))) return "taken";
    return await this.#objects.put(key, object, isNew);
  }

  /** Something is there already: the same result, or the write fails. */
  async #join(key: string, content: Content, location: string, where: Where): Promise<void> {
    const found = await this.#tell("write", location, () => this.#objects.get(key));
    if (found === null) throw vanishedError(location);
    const occupant = { content: contentOf(found, location), bytes: found.data.length, writtenAt: found.writtenAt };
    await checkSame(content, occupant, location, where);
  }

  /** Reads back what a service would not vouch for, and takes away what is not whole. */
  async #verify(key: string, label: Label, location: string): Promise<void> {
    const found = await this.#tell("write", location, () => this.#objects.get(key));
    if (found?.data.length === label.bytes && hash("sha256", found.data) === label.sha256) return;
    await this.#tell("write", location, () => this.#objects.remove(key)).catch(() => undefined);
    const there = found === null ? "none was" : `${found.data.length} were`;
    const message = `Could not write the result ${location}: of ${label.bytes} bytes written, ${there} read back and they differ. The service, or a proxy on the way, may be failing; restart the run.`;
    throw new StoreError("RESULT_WRITE_FAILED", message);
  }

  // A location comes back from the cloud: it must not lead to another bucket, nor out of the prefix.
  #key(location: string, code: "LOCATION_INVALID" | "RESULT_READ_FAILED"): string {
    const { url, prefix } = this.#root;
    const key = location.slice(url.length);
    const isInside = location.startsWith(url + prefix) && !/(^|\/)\.{0,2}(\/|$)/.test(key);
    if (isInside) return key;
    const message = `The location ${location} is not below ${url}${prefix}, so it is not used. Give the task the store that wrote it.`;
    throw new StoreError(code, message);
  }

  async #tell<T>(act: "write" | "read", location: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#slots.use(work);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw objectError(act, location, this.#objects.trouble(error), error);
    }
  }
}

function contentOf({ data, label }: FoundObject, location: string): Content {
  const known = readLabel(label ?? "");
  if (known !== null) return checkedContent(known, data, location);
  throw truncatedError(location, "it does not carry the label of a result; something else has replaced it");
}

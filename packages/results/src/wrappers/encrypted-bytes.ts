import type { ByteStore, Content } from "../content.ts";
import { takeLabel, truncatedError, withLabel } from "../label.ts";
import { StoreError, type Where, type Written } from "../store.ts";
import { SEALED } from "./encrypted.ts";
import type { EncryptionKey } from "./keys.ts";
import { SealError, Sealing } from "./sealing.ts";

/** Bytes that are sealed on their way into another place, and opened on their way out. */
export class EncryptedBytes implements ByteStore {
  readonly kind: string;
  readonly #inner: ByteStore;
  readonly #sealing: Sealing;

  constructor(kind: string, inner: ByteStore, keys: readonly EncryptionKey[]) {
    this.kind = kind;
    this.#inner = inner;
    this.#sealing = new Sealing(keys);
  }

  async write(content: Content, where: Where): Promise<Written> {
    // The label goes inside: which serializer wrote it, and that it is whole.
    const plain = withLabel(content);
    const data = await this.#sealing.seal(plain);
    const isSameAs = async (other: Content) =>
      other.serializer === SEALED && (await this.#open(other, "that is there")).equals(plain);
    return await this.#inner.write({ data, serializer: SEALED, isSameAs }, where);
  }

  async read(location: string): Promise<Content> {
    const content = await this.#inner.read(location);
    if (content.serializer !== SEALED) {
      const message = `Could not read the result ${location}: it is not encrypted, so this store did not write it. Give the task the store without \`encrypted\`, or start a new run.`;
      throw new StoreError("RESULT_READ_FAILED", message);
    }
    return takeLabel(await this.#open(content, location), location);
  }

  async exists(location: string): Promise<boolean> {
    return await this.#inner.exists(location);
  }

  async #open({ data }: Content, place: string): Promise<Buffer> {
    const sealed =
      typeof data === "string" ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    try {
      return await this.#sealing.open(sealed);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      if (!error.isWrongKey) throw truncatedError(place, error.message);
      const message = `Could not read the result ${place}: ${error.message}. Add the key of that time to \`oldKeys\`.`;
      throw new StoreError("RESULT_READ_FAILED", message);
    }
  }
}

import { TAG } from "./json-encode.ts";

type Fields = Record<string, unknown>;

function decodeTag(record: Fields): unknown {
  const inner = record["value"];
  switch (record[TAG]) {
    case "object":
      return decodeFields(inner as Fields);
    case "undefined":
      return undefined;
    case "number":
      return Number(inner);
    case "bigint":
      return BigInt(inner as string);
    case "date":
      return new Date(inner === null ? Number.NaN : (inner as string));
    case "map":
      return new Map(decode(inner) as [unknown, unknown][]);
    case "set":
      return new Set(decode(inner) as unknown[]);
    case "buffer":
      return Buffer.from(inner as string, "base64");
    case "bytes":
      return new Uint8Array(Buffer.from(inner as string, "base64"));
    default:
      throw new Error(
        `it holds a value of the unknown kind ${JSON.stringify(record[TAG])}; a newer Weir may have written it`,
      );
  }
}

// `JSON.parse` made every key an own field, `__proto__` too, so assigning reaches the field and never a prototype.
function decodeFields(record: Fields): Fields {
  for (const key of Object.keys(record)) record[key] = decode(record[key]);
  return record;
}

function decode(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) value[i] = decode(value[i]);
    return value;
  }
  return Object.hasOwn(value, TAG) ? decodeTag(value as Fields) : decodeFields(value as Fields);
}

/**
 * Reads what `encodeJson` wrote.
 * @throws Error saying what is wrong with the text; the caller knows where it came from.
 */
export function decodeJson(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  // Most results are plain JSON: without the tag's text there is nothing to walk for.
  return text.includes(`"${TAG}"`) ? decode(parsed) : parsed;
}

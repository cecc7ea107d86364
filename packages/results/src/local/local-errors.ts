import { StoreError, type StoreFailureCode } from "../store.ts";

const WRITE_REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full. Free space there, or choose another results directory, and restart the run",
  EDQUOT: "the disk quota is used up. Free space there, or choose another results directory, and restart the run",
  EACCES: "this user may not write there. Grant it the right, or choose another results directory",
  EPERM: "this user may not write there. Grant it the right, or choose another results directory",
  EROFS: "the file system is read-only. Choose another results directory",
  ENOTDIR: "a part of the path is a file, not a directory. Choose another results directory",
  ENAMETOOLONG: "the path is too long for this file system. Choose a shorter results directory",
};

const READ_REMEDIES: Readonly<Record<string, string>> = {
  ENOENT:
    "there is no such file: it was deleted, or written on another machine whose disk this one does not share. Bring it back, or start a new run",
  EACCES: "this user may not read it. Grant it the right",
  EISDIR: "it is a directory, not a result",
};

function reason(remedies: Readonly<Record<string, string>>, cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return remedies[code] ?? (cause instanceof Error ? cause.message : String(cause));
}

function isFull(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && (cause.code === "ENOSPC" || cause.code === "EDQUOT");
}

/** Says why a result could not be written: path, cause, remedy. A full disk has a code of its own. */
export function writeError(path: string, cause: unknown): StoreError {
  const code: StoreFailureCode = isFull(cause) ? "STORAGE_FULL" : "RESULT_WRITE_FAILED";
  return new StoreError(code, `Could not write the result ${path}: ${reason(WRITE_REMEDIES, cause)}.`, { cause });
}

/** Says why a result could not be read: path, cause, remedy. */
export function readError(path: string, cause: unknown): StoreError {
  return new StoreError("RESULT_READ_FAILED", `Could not read the result ${path}: ${reason(READ_REMEDIES, cause)}.`, {
    cause,
  });
}

/** A cached result that may be used instead of running the task, as a validator sees it. */
export interface CachedResult {
  /** When it was made. */
  readonly at: Date;
  /** Until when it holds; null: for ever. One that has expired is never asked about. */
  readonly expiresAt: Date | null;
  /** Whether this run's inputs are those that it was made of: all of them, or the one at an index. */
  inputsEqual(index?: number): boolean;
  /** Whether this run's parameters are those that it was made with: all of them, or the one of a name. */
  parametersEqual(name?: string): boolean;
}

/** Says whether a cached result may be used. */
export type CacheValidatorFunction = (cached: CachedResult) => boolean | Promise<boolean>;

/** A validator of Weir's own. */
export interface NamedCacheValidator {
  /** Part of what a cached result is found by: results of another validator are not looked at. */
  readonly name: string;
  readonly needs: "nothing" | "inputs" | "parameters";
  readonly decide: CacheValidatorFunction;
}

/** What the option `cacheValidator` takes. */
export type CacheValidator =
  | "durationOnly"
  | "allInputs"
  | "allParameters"
  | "never"
  | NamedCacheValidator
  | CacheValidatorFunction;

/** Any result that has not expired will do. The default. */
export const durationOnly: NamedCacheValidator = { name: "durationOnly", needs: "nothing", decide: () => true };
/** All inputs must be equal. */
export const allInputs: NamedCacheValidator = {
  name: "allInputs",
  needs: "inputs",
  decide: (cached) => cached.inputsEqual(),
};
/** All parameters of the flow run must be equal. */
export const allParameters: NamedCacheValidator = {
  name: "allParameters",
  needs: "parameters",
  decide: (cached) => cached.parametersEqual(),
};
/** No result is ever used; what the task returns is cached for others. */
export const never: NamedCacheValidator = { name: "never", needs: "nothing", decide: () => false };

/** These inputs must be equal, by their places from 0. @example partialInputs([0, 2]) */
export function partialInputs(places: readonly number[]): NamedCacheValidator {
  return {
    name: `partialInputs ${places.join()}`,
    needs: "inputs",
    decide: (cached) => places.every((place) => cached.inputsEqual(place)),
  };
}

/** These parameters of the flow run must be equal. @example partialParameters(["day"]) */
export function partialParameters(names: readonly string[]): NamedCacheValidator {
  return {
    name: `partialParameters ${names.join()}`,
    needs: "parameters",
    decide: (cached) => names.every((name) => cached.parametersEqual(name)),
  };
}

const BY_NAME: ReadonlyMap<unknown, NamedCacheValidator> = new Map(
  [durationOnly, allInputs, allParameters, never].map((validator) => [validator.name, validator]),
);

/** A validator as the engine reads it: of a function it is not known what it will ask, so both are made ready. */
export interface ReadyValidator {
  readonly name: string;
  readonly inputs: boolean;
  readonly parameters: boolean;
  readonly decide: CacheValidatorFunction;
}

/** @throws TypeError naming the validators that there are. */
export function validatorOf(validator: CacheValidator = durationOnly, where = ""): ReadyValidator {
  if (typeof validator === "function") return { name: "function", inputs: true, parameters: true, decide: validator };
  const found = typeof validator === "string" ? BY_NAME.get(validator) : validator;
  if (typeof found !== "object" || typeof found.decide !== "function") {
    throw new TypeError(
      `cacheValidator ${where} is ${JSON.stringify(validator)}. Choose one of ${[...BY_NAME.keys()].join(", ")}, partialInputs(…), partialParameters(…), or a function.`,
    );
  }
  const { name, needs, decide } = found;
  return { name, inputs: needs === "inputs", parameters: needs === "parameters", decide };
}

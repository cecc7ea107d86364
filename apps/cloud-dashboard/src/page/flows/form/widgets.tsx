import {
  ariaDescribedByIds,
  type BaseInputTemplateProps,
  descriptionId,
  enumOptionsSelectValue,
  enumOptionsDeselectValue,
  getInputProps,
  type RegistryWidgetsType,
  type WidgetProps,
} from "@rjsf/utils";

const LOOK = "min-h-8 w-full rounded-md border border-line bg-ground px-2.5 py-1 disabled:opacity-60";

/** A line that a person types. */
export function InputTemplate(props: BaseInputTemplateProps) {
  const { id, value, type, schema, options, disabled, readonly, required, placeholder, rawErrors, onChange } = props;
  const input = getInputProps(schema, type, options);
  const change =
    props.onChangeOverride ?? (({ target }) => onChange(target.value === "" ? options.emptyValue : target.value));
  return (
    <input
      id={id}
      name={id}
      className={LOOK}
      autoComplete="off"
      value={shownValue(value)}
      type={input.type}
      step={input.step}
      min={input.min}
      max={input.max}
      placeholder={placeholder}
      disabled={disabled === true || readonly === true}
      aria-required={required}
      aria-invalid={(rawErrors ?? []).length > 0}
      aria-describedby={ariaDescribedByIds(id)}
      onChange={change}
    />
  );
}

const shownValue = (value: unknown): string | number =>
  typeof value === "string" || typeof value === "number" ? value : "";

function Lines({ id, value, options, disabled, readonly, required, rawErrors, onChange }: WidgetProps) {
  return (
    <textarea
      id={id}
      name={id}
      className={LOOK}
      rows={options.rows ?? 5}
      value={shownValue(value)}
      disabled={disabled === true || readonly === true}
      aria-required={required}
      aria-invalid={(rawErrors ?? []).length > 0}
      aria-describedby={ariaDescribedByIds(id)}
      onChange={({ target }) => onChange(target.value === "" ? options.emptyValue : target.value)}
    />
  );
}

function Box({ id, label, value, schema, disabled, readonly, rawErrors, onChange }: WidgetProps) {
  return (
    <>
      <label className="inline-flex items-center gap-2 font-medium">
        <input
          id={id}
          name={id}
          type="checkbox"
          checked={value === true}
          disabled={disabled === true || readonly === true}
          aria-invalid={(rawErrors ?? []).length > 0}
          aria-describedby={ariaDescribedByIds(id)}
          onChange={({ target }) => onChange(target.checked)}
        />
        {label}
      </label>
      {typeof schema.description === "string" && (
        <p id={descriptionId(id)} className="text-muted">
          {schema.description}
        </p>
      )}
    </>
  );
}

/** More choices are typed: a list of thousands holds the page, and nobody reads it. */
const MOST_CHOICES = 500;

function Choice(props: WidgetProps) {
  const { id, value, options, disabled, readonly, required, rawErrors, multiple, onChange } = props;
  const choices = options.enumOptions ?? [];
  if (multiple === true) return <Choices {...props} />;
  if (choices.length > MOST_CHOICES) return <TypedChoice {...props} />;
  const chosen = choices.findIndex((choice) => isSame(choice.value, value));
  return (
    <select
      id={id}
      name={id}
      className={LOOK}
      value={chosen === -1 ? "" : String(chosen)}
      disabled={disabled === true || readonly === true}
      aria-required={required}
      aria-invalid={(rawErrors ?? []).length > 0}
      aria-describedby={ariaDescribedByIds(id)}
      onChange={({ target }) =>
        onChange(target.value === "" ? options.emptyValue : choices[Number(target.value)]?.value)
      }
    >
      <option value="">–</option>
      {choices.map(({ label }, index) => (
        // Choices of a schema never change their order.
        <option key={index} value={index}>
          {label}
        </option>
      ))}
    </select>
  );
}

const isSame = (one: unknown, other: unknown) => one === other || JSON.stringify(one) === JSON.stringify(other);

function TypedChoice({ id, value, options, disabled, readonly, rawErrors, onChange }: WidgetProps) {
  const choices = options.enumOptions ?? [];
  const take = (text: string) => {
    const choice = choices.find(({ label }) => label === text);
    onChange(text === "" ? options.emptyValue : (choice?.value ?? text));
  };
  return (
    <>
      <input
        id={id}
        name={id}
        className={LOOK}
        value={typeof value === "object" ? "" : String(value ?? "")}
        disabled={disabled === true || readonly === true}
        aria-invalid={(rawErrors ?? []).length > 0}
        aria-describedby={ariaDescribedByIds(id)}
        onChange={({ target }) => take(target.value)}
      />
      <p className="mt-1 text-muted">One of {choices.length}: type it.</p>
    </>
  );
}

function Choices({ id, label, value, options, disabled, readonly, onChange }: WidgetProps) {
  const choices = (options.enumOptions ?? []).slice(0, MOST_CHOICES);
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  return (
    <div id={id} role="group" aria-label={label} className="flex flex-wrap gap-x-4 gap-y-1">
      {choices.map((choice, index) => (
        <label key={index} className="inline-flex items-center gap-1.5">
          <input
            type="checkbox"
            checked={chosen.some((one) => isSame(one, choice.value))}
            disabled={disabled === true || readonly === true}
            onChange={({ target }) =>
              onChange(
                target.checked
                  ? enumOptionsSelectValue(index, [...chosen], choices)
                  : enumOptionsDeselectValue(index, [...chosen], choices),
              )
            }
          />
          {choice.label}
        </label>
      ))}
    </div>
  );
}

export const WIDGETS: RegistryWidgetsType = {
  CheckboxWidget: Box,
  CheckboxesWidget: Choices,
  SelectWidget: Choice,
  TextareaWidget: Lines,
};

import {
  ADDITIONAL_PROPERTY_FLAG,
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  buttonId,
  canExpand,
  type CyclicSchemaExpandProps,
  type DescriptionFieldProps,
  errorId,
  type FieldErrorProps,
  type FieldTemplateProps,
  type MultiSchemaFieldTemplateProps,
  type ObjectFieldTemplateProps,
  type TemplatesType,
  type UnsupportedFieldProps,
  type WrapIfAdditionalTemplateProps,
} from "@rjsf/utils";
import { Button } from "../../ui/button.tsx";
import { ICON_BUTTONS } from "./form-buttons.tsx";
import { InputTemplate } from "./widgets.tsx";

// How the form library shows fields: with the page's own look. Texts of a schema are shown as texts; the library would read them as Markdown.

function Field({
  id,
  label,
  required,
  displayLabel,
  description,
  errors,
  children,
  hidden,
  ...rest
}: FieldTemplateProps) {
  if (hidden === true) return <div hidden>{children}</div>;
  return (
    <WrapIfAdditional {...rest} id={id} label={label} displayLabel={displayLabel ?? false} required={required ?? false}>
      {displayLabel === true && (
        <label htmlFor={id} className="mb-1 block font-medium">
          {label}
          {required === true && <span className="text-muted"> (required)</span>}
        </label>
      )}
      {children}
      {displayLabel === true && description}
      {errors}
    </WrapIfAdditional>
  );
}

type WrapProps = Omit<WrapIfAdditionalTemplateProps, "hideError"> & { readonly displayLabel: boolean };

function WrapIfAdditional({
  id,
  label,
  schema,
  children,
  onKeyRenameBlur,
  onRemoveProperty,
  disabled,
  readonly,
}: WrapProps) {
  if (!(ADDITIONAL_PROPERTY_FLAG in schema)) return <div className="mb-3">{children}</div>;
  return (
    <div className="mb-3 grid gap-2 sm:grid-cols-[12rem_1fr_auto]">
      <div>
        <label htmlFor={`${id}-key`} className="mb-1 block font-medium">
          Name
        </label>
        <input
          id={`${id}-key`}
          key={label}
          defaultValue={label}
          onBlur={onKeyRenameBlur}
          disabled={disabled || readonly}
          className="min-h-8 w-full rounded-md border border-line bg-ground px-2.5 py-1"
        />
      </div>
      <div>{children}</div>
      <Button className="self-end" disabled={disabled || readonly} onClick={onRemoveProperty}>
        Remove
      </Button>
    </div>
  );
}

function ObjectFields(props: ObjectFieldTemplateProps) {
  const { title, description, properties, schema, uiSchema, formData, fieldPathId, onAddProperty, disabled, readonly } =
    props;
  const isRoot = fieldPathId.path.length === 0;
  return (
    <fieldset className={isRoot ? "" : "min-w-0 rounded-md border border-line px-3 pt-2 pb-1"}>
      {!isRoot && title !== "" && <legend className="px-1 font-medium">{title}</legend>}
      {!isRoot && typeof description === "string" && <p className="mb-2 text-muted">{description}</p>}
      {properties.map(({ content }) => content)}
      {canExpand(schema, uiSchema, formData) && (
        <Button
          className="mb-2"
          id={buttonId(fieldPathId, "add")}
          disabled={disabled || readonly}
          onClick={onAddProperty}
        >
          Add one more
        </Button>
      )}
    </fieldset>
  );
}

function ArrayFields({
  title,
  schema,
  items,
  canAdd,
  onAddClick,
  disabled,
  readonly,
  fieldPathId,
}: ArrayFieldTemplateProps) {
  return (
    <fieldset className="min-w-0 rounded-md border border-line px-3 pt-2 pb-1">
      <legend className="px-1 font-medium">{title}</legend>
      {typeof schema.description === "string" && <p className="mb-2 text-muted">{schema.description}</p>}
      {items.length === 0 && <p className="mb-2 text-muted">None.</p>}
      {items}
      {canAdd === true && (
        <Button className="mb-2" id={buttonId(fieldPathId, "add")} disabled={disabled || readonly} onClick={onAddClick}>
          Add {title}
        </Button>
      )}
    </fieldset>
  );
}

function ArrayItem({ children, hasToolbar, buttonsProps }: ArrayFieldItemTemplateProps) {
  const { hasMoveUp, hasMoveDown, hasRemove, onMoveUpItem, onMoveDownItem, onRemoveItem, disabled, readonly } =
    buttonsProps;
  const isStill = disabled === true || readonly === true;
  return (
    <div className="flex flex-wrap items-start gap-2">
      <div className="min-w-40 flex-1">{children}</div>
      {hasToolbar && (
        <div className="flex gap-1">
          {hasMoveUp && (
            <Button aria-label="Move up" disabled={isStill} onClick={onMoveUpItem}>
              ↑
            </Button>
          )}
          {hasMoveDown && (
            <Button aria-label="Move down" disabled={isStill} onClick={onMoveDownItem}>
              ↓
            </Button>
          )}
          {hasRemove && (
            <Button disabled={isStill} onClick={onRemoveItem}>
              Remove
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function Description({ id, description }: DescriptionFieldProps) {
  if (typeof description !== "string" || description === "") return null;
  return (
    <p id={id} className="mt-1 text-muted">
      {description}
    </p>
  );
}

function FieldErrors({ errors = [], fieldPathId }: FieldErrorProps) {
  if (errors.length === 0) return null;
  return (
    <ul id={errorId(fieldPathId)} className="mt-1 text-bad">
      {errors.map((error, index) => (
        // They are told anew all at once.
        <li key={index}>{error}</li>
      ))}
    </ul>
  );
}

function Forms({ selector, optionSchemaField }: MultiSchemaFieldTemplateProps) {
  return (
    <div className="mb-3 rounded-md border border-line px-3 pt-2">
      {selector}
      {optionSchemaField}
    </div>
  );
}

function Unsupported({ schema }: UnsupportedFieldProps) {
  const type = JSON.stringify(schema.type ?? null);
  return <p className="text-warn">No field can be shown for the type {type}: give it in the JSON editor.</p>;
}

function Cyclic({ name, onExpand, fieldPathId }: CyclicSchemaExpandProps) {
  return <Button onClick={() => onExpand(fieldPathId.$id)}>Show {name}</Button>;
}

export const TEMPLATES: Partial<TemplatesType> = {
  ArrayFieldItemTemplate: ArrayItem,
  ArrayFieldTemplate: ArrayFields,
  BaseInputTemplate: InputTemplate,
  ButtonTemplates: ICON_BUTTONS,
  CyclicSchemaExpandTemplate: Cyclic,
  DescriptionFieldTemplate: Description,
  ErrorListTemplate: () => null,
  FieldErrorTemplate: FieldErrors,
  FieldTemplate: Field,
  MultiSchemaFieldTemplate: Forms,
  ObjectFieldTemplate: ObjectFields,
  UnsupportedFieldTemplate: Unsupported,
};

import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from "graphql";

interface DocsTypeProps {
  readonly schema: GraphQLSchema;
  readonly type: GraphQLNamedType;
  readonly show: (type: string) => void;
}

/** One type: what it is for, and what it has. */
export function DocsType({ schema, type, show }: DocsTypeProps) {
  return (
    <>
      <p className="mb-1">
        <TypeButton name="" text="All" show={show} /> / <strong className="font-mono text-[13px]">{type.name}</strong>
      </p>
      {type.description && <p className="mb-3 max-w-prose">{type.description}</p>}
      <ul className="divide-y divide-line">
        {partsOf(type).map((part) => (
          <Part key={part.name} part={part} show={show} />
        ))}
      </ul>
      {isAbstractType(type) && (
        <p>
          One of{" "}
          {schema.getPossibleTypes(type).map(({ name }) => (
            <span key={name}>
              <TypeButton name={name} text={name} show={show} />{" "}
            </span>
          ))}
        </p>
      )}
    </>
  );
}

type TypePart = GraphQLField<unknown, unknown> | GraphQLInputField | GraphQLEnumValue;

function partsOf(type: GraphQLNamedType): readonly TypePart[] {
  if (isEnumType(type)) return type.getValues();
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) return Object.values(type.getFields());
  return [];
}

function Part({ part, show }: { readonly part: TypePart; readonly show: (type: string) => void }) {
  const { name, description, deprecationReason } = part;
  return (
    <li className="py-1.5">
      <p className="font-mono text-[13px] wrap-anywhere">
        {name}
        {"args" in part && part.args.length > 0 && <Arguments args={part.args} show={show} />}
        {"type" in part && (
          <>
            : <TypeLink type={part.type} show={show} />
          </>
        )}
      </p>
      {description && <p className="max-w-prose text-muted">{description}</p>}
      {deprecationReason && <p className="text-warn">Deprecated: {deprecationReason}</p>}
    </li>
  );
}

function Arguments({
  args,
  show,
}: {
  readonly args: readonly GraphQLArgument[];
  readonly show: (type: string) => void;
}) {
  return (
    <>
      (
      {args.map(({ name, type, defaultValue, description }, index) => (
        <span key={name} title={description ?? undefined}>
          {index > 0 && ", "}
          {name}: <TypeLink type={type} show={show} />
          {defaultValue !== undefined && ` = ${JSON.stringify(defaultValue)}`}
        </span>
      ))}
      )
    </>
  );
}

function TypeLink({ type, show }: { readonly type: GraphQLType; readonly show: (type: string) => void }) {
  return <TypeButton name={getNamedType(type).name} text={String(type)} show={show} />;
}

interface TypeButtonProps {
  /** Of the type; "": where all begins. */
  readonly name: string;
  readonly text: string;
  readonly show: (type: string) => void;
}

/** Goes to the docs of a type. */
export function TypeButton({ name, text, show }: TypeButtonProps) {
  return (
    <button type="button" onClick={() => show(name)} className="font-mono text-[13px] text-accent hover:underline">
      {text}
    </button>
  );
}

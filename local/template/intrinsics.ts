import { StartupFailure } from '../failure.ts';
import type { Template } from './template.ts';

/** What `Ref` and `Fn::GetAtt` of a resource give; see identifiers.ts. */
export interface Identifiers {
  ref(logicalId: string): string;
  attribute(logicalId: string, name: string): string;
}

/** Values of the app's other stacks; undefined where none has it. */
export interface OtherStacks {
  exported(name: string): string | undefined;
  output(stackName: string, output: string): string | undefined;
}

/** Stands for `AWS::NoValue`: the property or list element that holds it is left out. */
const noValue = Symbol('AWS::NoValue');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refuseImport = (where: string, what: string): never => {
  throw new StartupFailure(`${where} reads ${what}, which no stack of the app has.`);
};

/**
 * Resolves CloudFormation's intrinsic functions as a deployment would
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html).
 * A function that is not listed here is refused by name: a guess would make the local runtime emulate another
 * template.
 */
export class Resolver {
  readonly #template: Template;
  readonly #identifiers: Identifiers;
  readonly #pseudoParameters: Readonly<Record<string, string>>;
  readonly #dynamicReference: (reference: string) => string | undefined;
  readonly #others: OtherStacks;

  constructor(options: {
    template: Template;
    identifiers: Identifiers;
    pseudoParameters: Readonly<Record<string, string>>;
    /** Gives the value of `{{resolve:…}}`; undefined refuses it. */
    dynamicReference?: (reference: string) => string | undefined;
    others?: OtherStacks;
  }) {
    this.#template = options.template;
    this.#identifiers = options.identifiers;
    this.#pseudoParameters = options.pseudoParameters;
    this.#dynamicReference = options.dynamicReference ?? (() => undefined);
    this.#others = options.others ?? { exported: () => undefined, output: () => undefined };
  }

  /** @param where - the logical id and property, for the message of a refusal. */
  resolve(value: unknown, where: string): unknown {
    const resolved = this.#value(value, where);
    return resolved === noValue ? undefined : resolved;
  }

  /** Like `resolve`, for what must be text. */
  text(value: unknown, where: string): string {
    const resolved = this.#value(value, where);
    if (typeof resolved === 'string') return resolved;
    if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
    throw new StartupFailure(
      `${where} should resolve to text, but gives ${JSON.stringify(resolved)}.`,
    );
  }

  /** Whether a condition of the template's `Conditions` holds. */
  condition(name: string, where: string): boolean {
    const condition = this.#template.Conditions[name];
    if (condition === undefined)
      throw new StartupFailure(
        `${where} names the condition ${name}, which the template does not have.`,
      );
    return this.#conditionValue(condition, `Conditions.${name}`);
  }

  #value(value: unknown, where: string): unknown {
    if (typeof value === 'string') return this.#withDynamicReferences(value, where);
    if (Array.isArray(value))
      return value
        .map((item, index) => this.#value(item, `${where}[${index}]`))
        .filter((item) => item !== noValue);
    if (!isRecord(value)) return value;
    const [key, ...others] = Object.keys(value);
    if (key !== undefined && others.length === 0 && (key === 'Ref' || key.startsWith('Fn::')))
      return this.#intrinsic(key, value[key], where);
    const entries = Object.entries(value).map(
      ([name, item]) => [name, this.#value(item, `${where}.${name}`)] as const,
    );
    return Object.fromEntries(entries.filter(([, item]) => item !== noValue));
  }

  #intrinsic(name: string, argument: unknown, where: string): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(argument, where);
      case 'Fn::GetAtt':
        return this.#getAtt(argument, where);
      case 'Fn::Join': {
        const [separator, parts] = this.#pair(argument, name, where);
        const joined = this.#list(parts, where).map((part) => this.text(part, where));
        // A dynamic reference may be put together from parts.
        return this.#withDynamicReferences(joined.join(this.text(separator, where)), where);
      }
      case 'Fn::Sub':
        return this.#sub(argument, where);
      case 'Fn::Select': {
        const [index, list] = this.#pair(argument, name, where);
        const chosen = this.#list(list, where)[Number(this.text(index, where))];
        if (chosen === undefined)
          throw new StartupFailure(
            `${where}: Fn::Select asks for an element that the list does not have.`,
          );
        return chosen;
      }
      case 'Fn::Split': {
        const [separator, text] = this.#pair(argument, name, where);
        return this.text(text, where).split(this.text(separator, where));
      }
      case 'Fn::Base64':
        return Buffer.from(this.text(argument, where)).toString('base64');
      case 'Fn::If': {
        const [condition, whenTrue, whenFalse] = this.#array(argument, 3, name, where);
        return this.#value(this.condition(String(condition), where) ? whenTrue : whenFalse, where);
      }
      case 'Fn::FindInMap': {
        const [map, first, second] = this.#array(argument, 3, name, where).map((part) =>
          this.text(part, where),
        );
        const found = this.#template.Mappings[map ?? '']?.[first ?? '']?.[second ?? ''];
        if (found === undefined)
          throw new StartupFailure(
            `${where}: Fn::FindInMap finds nothing at ${map}.${first}.${second}.`,
          );
        return found;
      }
      case 'Fn::ImportValue': {
        const exported = this.text(argument, where);
        return this.#others.exported(exported) ?? refuseImport(where, `the export ${exported}`);
      }
      case 'Fn::GetStackOutput': {
        const { StackName, OutputName }: Record<string, unknown> = isRecord(argument)
          ? argument
          : {};
        const [stackName, output] = [this.text(StackName, where), this.text(OutputName, where)];
        return (
          this.#others.output(stackName, output) ??
          refuseImport(where, `the output ${output} of the stack ${stackName}`)
        );
      }
      default:
        throw new StartupFailure(
          `${where} uses ${name}, which the local runtime does not resolve (local/template/intrinsics.ts).`,
        );
    }
  }

  #ref(argument: unknown, where: string): unknown {
    if (typeof argument !== 'string') throw new StartupFailure(`${where}: Ref needs a name.`);
    if (argument === 'AWS::NoValue') return noValue;
    const pseudo = this.#pseudoParameters[argument];
    if (pseudo !== undefined) return pseudo;
    const parameter = this.#template.Parameters[argument];
    if (parameter !== undefined) {
      if (parameter.Default === undefined)
        throw new StartupFailure(`${where} needs the parameter ${argument}, which has no default.`);
      return parameter.Default;
    }
    if (this.#template.Resources[argument] === undefined)
      throw new StartupFailure(`${where} refers to ${argument}, which the template does not have.`);
    return this.#identifiers.ref(argument);
  }

  #getAtt(argument: unknown, where: string): string {
    const [logicalId, ...rest] =
      typeof argument === 'string'
        ? argument.split('.')
        : this.#array(argument, 2, 'Fn::GetAtt', where);
    if (typeof logicalId !== 'string' || this.#template.Resources[logicalId] === undefined) {
      throw new StartupFailure(
        `${where} reads an attribute of ${String(logicalId)}, which the template does not have.`,
      );
    }
    return this.#identifiers.attribute(
      logicalId,
      rest.map((part) => this.text(part, where)).join('.'),
    );
  }

  #sub(argument: unknown, where: string): string {
    const [text, variables] =
      typeof argument === 'string' ? [argument, {}] : this.#array(argument, 2, 'Fn::Sub', where);
    if (typeof text !== 'string' || !isRecord(variables))
      throw new StartupFailure(`${where}: Fn::Sub needs text and a map of variables.`);
    const substituted = text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (Object.hasOwn(variables, name)) return this.text(variables[name], where);
      return name.includes('.') ? this.#getAtt(name, where) : this.text({ Ref: name }, where);
    });
    return this.#withDynamicReferences(substituted, where);
  }

  #conditionValue(condition: unknown, where: string): boolean {
    if (!isRecord(condition)) throw new StartupFailure(`${where} is not a condition.`);
    const [name] = Object.keys(condition);
    const argument = name === undefined ? undefined : condition[name];
    switch (name) {
      case 'Condition':
        return this.condition(String(argument), where);
      case 'Fn::Equals': {
        const [left, right] = this.#pair(argument, name, where);
        return this.text(left, where) === this.text(right, where);
      }
      case 'Fn::Not':
        return !this.#array(argument, 1, name, where).every((part) =>
          this.#conditionValue(part, where),
        );
      case 'Fn::And':
        return (
          Array.isArray(argument) && argument.every((part) => this.#conditionValue(part, where))
        );
      case 'Fn::Or':
        return (
          Array.isArray(argument) && argument.some((part) => this.#conditionValue(part, where))
        );
      default:
        throw new StartupFailure(
          `${where} uses ${name ?? 'nothing'}, which is not a condition that the local runtime resolves.`,
        );
    }
  }

  #withDynamicReferences(text: string, where: string): string {
    return text.replace(/\{\{resolve:[^}]*\}\}/g, (reference) => {
      const value = this.#dynamicReference(reference);
      if (value === undefined)
        throw new StartupFailure(
          `${where} holds the dynamic reference ${reference}, which the local runtime can't resolve.`,
        );
      return value;
    });
  }

  #list(value: unknown, where: string): unknown[] {
    const list = this.#value(value, where);
    if (!Array.isArray(list)) throw new StartupFailure(`${where} should resolve to a list.`);
    return list;
  }

  #pair(value: unknown, name: string, where: string): unknown[] {
    return this.#array(value, 2, name, where);
  }

  #array(value: unknown, length: number, name: string, where: string): unknown[] {
    if (!Array.isArray(value) || value.length !== length)
      throw new StartupFailure(`${where}: ${name} needs ${length} argument(s).`);
    return value;
  }
}

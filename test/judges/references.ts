import { type Finding, intrinsic, isObject } from './findings.ts';
import { attributeOf } from './resource-model.ts';
import type { JudgedTemplate, Value } from './templates.ts';

/** References to a resource that is not there, or to an attribute that it has not. */
export const referencesToNothing = ({
  configuration,
  resources,
}: JudgedTemplate): readonly Finding[] => {
  const wrong = (value: Value): string | undefined => {
    const call = intrinsic(value);
    if (call?.name === 'Ref') {
      const name = String(call.argument);
      return name.startsWith('AWS::') || resources[name] !== undefined
        ? undefined
        : `refers to ${name}, which is not there`;
    }
    if (call?.name !== 'Fn::GetAtt' || !Array.isArray(call.argument)) return undefined;
    const [id = '', attribute = ''] = call.argument.map(String);
    const type = resources[id]?.Type ?? '';
    if (type.startsWith('Custom::') || attributeOf(type, attribute) !== undefined) return undefined;
    return `asks ${id} for ${attribute}, which it has not`;
  };
  return Object.entries(resources).flatMap(([id, { Type: type, Properties }]) =>
    everyValue(Properties, id).flatMap(([at, value]) => {
      const message = wrong(value);
      return message === undefined ? [] : [{ configuration, type, at, message }];
    }),
  );
};

const everyValue = (value: Value, at: string): readonly (readonly [string, Value])[] => {
  const inside = Array.isArray(value) ? value.entries() : isObject(value) && Object.entries(value);
  const further = inside ? [...inside].flatMap(([k, each]) => everyValue(each, `${at}.${k}`)) : [];
  return [[at, value], ...further];
};

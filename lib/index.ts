/** What another CDK app imports from the package. */
export { BreakingChanges } from './breaking/plugin.ts';
export { BundleError, type BundlingOptions } from './bundle/build.ts';
export { type ConfigFile, configurationOf, defineConfig } from './config-file.ts';
export { ConfigurationError } from './configuration.ts';
export { Gatehouse } from './gatehouse.ts';
export type {
  BrandProps,
  ClientProfileProps,
  DomainProps,
  GatehouseProps,
} from './gatehouse-props.ts';
export { guardRules } from './guard-rules.ts';
export type { ReadableSecret, ToolSettings } from './tool-settings.ts';

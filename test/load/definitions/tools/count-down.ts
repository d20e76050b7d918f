export { default } from '../../../../examples/sample-tools/tools/count-down.ts';

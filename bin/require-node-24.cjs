// Says plainly what is wrong when the pinned Node is missing. CommonJS without syntax newer than
// Node 8, so that any Node can read it.
'use strict';
var wanted = 24;
if (Number(process.versions.node.split('.')[0]) !== wanted) {
  console.error(
    'Gatehouse runs on Node ' +
      wanted +
      ', as its Lambda functions do, but this is Node ' +
      process.versions.node +
      '.\n' +
      'The npm package "node" brings it: in this repository with "npm ci" (without --omit=dev or --ignore-scripts), in an app of your own\n' +
      'with "npm i -D node@' +
      wanted +
      '". Where that package does not install, put Node ' +
      wanted +
      ' first on your PATH.',
  );
  process.exit(1);
}

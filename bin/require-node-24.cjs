// Says plainly what is wrong when the pinned Node is missing. CommonJS without syntax newer than
// Node 8, so that any Node can read it.
'use strict';
var wanted = 24;
if (Number(process.versions.node.split('.')[0]) !== wanted) {
  console.error(
    'Gatehouse runs on Node ' +
      wanted +
      ', and this is Node ' +
      process.versions.node +
      ': the npm package "node" brings it ("npm ci" in this repository, without --omit=dev or --ignore-scripts; "npm i -D node@' +
      wanted +
      '" in an app), or put Node ' +
      wanted +
      ' first on your PATH.',
  );
  process.exit(1);
}

import { droppedRequestHeaders, edgeHeaders } from '../../policy/edge.ts';

/**
 * The edge function's code (cloudfront-js-2.0): writes the viewer's address and network over
 * whatever the client sent, and takes off what a client may not decide.
 */
export const viewerRequestCode: string = [
  'function network(ip) {',
  "  if (ip.indexOf(':') === -1) return ip;",
  "  var halves = ip.split('::');",
  "  var groups = halves[0] === '' ? [] : halves[0].split(':');",
  // `::` stands for as many zero groups as are missing; those after the fourth do not matter.
  '  if (halves.length === 2) {',
  "    var tail = halves[1] === '' ? [] : halves[1].split(':');",
  "    while (groups.length + tail.length < 8) groups.push('0');",
  '    groups = groups.concat(tail);',
  '  }',
  "  return groups.slice(0, 4).join(':') + '::';",
  '}',
  'function handler(event) {',
  '  var headers = event.request.headers;',
  ...droppedRequestHeaders.map((name) => `  delete headers['${name}'];`),
  `  headers['${edgeHeaders.viewerAddress}'] = { value: event.viewer.ip };`,
  `  headers['${edgeHeaders.viewerNetwork}'] = { value: network(event.viewer.ip) };`,
  '  return event.request;',
  '}',
].join('\n');

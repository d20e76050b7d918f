import { defineResource } from 'gatehouse/definitions';

/**
 * The page of `add_up`. A host loads it into a sandboxed frame and talks to it by `postMessage`, in
 * JSON-RPC (MCP Apps, 2026-01-26): the page opens with `ui/initialize`, and the tool's result comes
 * as `ui/notifications/tool-result`. It loads nothing from anywhere, so it asks for no domain.
 */
const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sum</title>
<p>The sum is <output id="sum">not known yet</output>.</p>
<script>
  const send = (message) => window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
  window.addEventListener('message', ({ source, data }) => {
    if (source !== window.parent) return;
    if (data.id === 1 && data.result) send({ method: 'ui/notifications/initialized', params: {} });
    if (data.method === 'ui/notifications/tool-result')
      document.getElementById('sum').textContent = data.params.structuredContent.sum;
  });
  send({
    id: 1,
    method: 'ui/initialize',
    params: {
      appInfo: { name: 'add-up', version: '1.0.0' },
      appCapabilities: {},
      protocolVersion: '2026-01-26',
    },
  });
</script>
</html>`;

export default defineResource({
  uri: 'ui://sample-tools/add-up.html',
  name: 'add-up-page',
  title: 'Sum',
  description: 'Shows what add_up found.',
  mimeType: 'text/html;profile=mcp-app',
  scopes: [],
  _meta: { ui: { csp: { connectDomains: [], resourceDomains: [] } } },
  read: () => page,
});

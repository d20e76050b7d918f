/**
 * A page for a person where no function responds: API Gateway or the web ACL refused. It has no
 * style sheet, so that the header table's policy holds for it as it is. The texts are ours, or
 * variables that hold no markup.
 */
export const staticPage = (status: number, title: string, requestId?: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${nextStep(status)}</p>${requestId === undefined ? '' : `\n<p>Request ${requestId}</p>`}
</main>
</body>
</html>
`;

const nextStep = (status: number): string =>
  status === 429 || status >= 500
    ? 'Wait a moment, then go back to the application and connect again.'
    : 'Close this window, go back to the application that you came from and connect again.';

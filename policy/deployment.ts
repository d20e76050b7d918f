/** How clients reach a deployment; see docs/url-modes.md. */
export const urlModes = ['domain', 'stage', 'cloudfront'] as const;

export type UrlMode = (typeof urlModes)[number];

/** What decides between the strict posture and what helps while developing. */
export const environments = ['production', 'development'] as const;

export type Environment = (typeof environments)[number];

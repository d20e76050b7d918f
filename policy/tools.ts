/** What `fetch_page` takes from the web. */
export const fetchBounds = { seconds: 5, bytes: 256 * 1024, urlCharacters: 2048 } as const;

/**
 * The longest that `count_down` waits. A call holds a function while it runs: with the user limit,
 * this is how many of the account's concurrent executions one user can hold (30 a minute for a
 * minute: 30; for a streamed call's 15 minutes: 420).
 */
export const countDownSeconds = 60;

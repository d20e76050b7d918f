/** What `fetch_page` takes from the web. */
export const fetchBounds = { seconds: 5, bytes: 256 * 1024, urlCharacters: 2048 } as const;

/** The longest that `count_down` waits: within a streamed call's 15 minutes. */
export const countDownSeconds = 840;

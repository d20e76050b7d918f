/**
 * JSON text. Results travel as text so that lists, which never change, are written once and not for
 * each request.
 */
export type Json = string;

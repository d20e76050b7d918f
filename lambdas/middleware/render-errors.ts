import type { PageBrand } from '../../policy/pages.ts';
import { type ErrorShape, renderError } from '../errors/render-error.ts';
import { reportError } from '../errors/report-error.ts';
import { toHttpError } from '../errors/to-http-error.ts';
import { type Middleware, requestOf } from './request-context.ts';

/**
 * ERR-1 to ERR-3: reports whatever was thrown and renders it in the endpoint's shape. Registered
 * below `@middy/http-error-handler`, and so running before it: what stands in `request.error`
 * afterwards is the error that the package makes a response of.
 */
export const renderErrors = (shape: ErrorShape, brand: PageBrand | null): Middleware => ({
  onError: (request) => {
    const context = requestOf(request.event);
    const error = toHttpError(request.error);
    reportError(error, context);
    const { statusCode, headers, body } = renderError(error, shape, context.requestId, brand);
    request.error = { statusCode, expose: true, message: body, headers };
  },
});

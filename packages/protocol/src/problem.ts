import { z } from 'zod';

/** RFC 9457. `code` is stable; `errors` says which field, where a body or query was at fault. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    retryAfterSeconds: z.number().optional(),
    control: z.unknown().optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' });

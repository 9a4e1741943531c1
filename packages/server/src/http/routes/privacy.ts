import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { presentNow } from '#http/conversations.ts';
import type { HttpDeps } from '#http/deps.ts';
import { actorOf } from '#http/parties.ts';
import { HttpProblem } from '#http/problems.ts';
import { answer, mount } from '#http/route.ts';
import { eraseCustomer } from '#hub/erasure.ts';
import { presentCustomer } from '#present/conversation.ts';
import { presentLogged, presentTime } from '#present/event.ts';
import { wholeLog } from '#store/conversations.ts';
import { findCustomer } from '#store/customers.ts';
import { conversationsOf, everyIdOf } from '#store/erase.ts';
import { filesHeldOf, fileUrl } from '#store/files.ts';
import { filesFolder } from '#store/keep-file.ts';

/** What a person may ask of those who hold something of him: to see it, and to have it gone. */
export function privacyRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;
  const unknown = (id: string) => new HttpProblem('not_found', `There is no customer ${id}.`);

  mount(app, deps, ops.exportCustomer, async ({ params }, { caller: { workspace } }) => {
    const customer = await findCustomer(pool, workspace, params.id);
    if (!customer) throw unknown(params.id);
    const ids = await everyIdOf(pool, workspace, customer.id);
    const held = await conversationsOf(pool, workspace, ids);
    const conversations = [];
    for (const id of held)
      conversations.push({
        conversation: await presentNow(deps, workspace, id),
        events: (await wholeLog(pool, id)).map(presentLogged),
      });
    const files = await filesHeldOf(pool, workspace, ids, held);
    return answer(200, {
      exportedAt: presentTime(deps.now()),
      customer: presentCustomer(customer),
      ids,
      conversations,
      files: files.map(({ id, name, mime, size, secret, createdAt }) => ({
        id,
        name,
        mime,
        size,
        url: fileUrl(deps.settings.publicUrl, { secret, name }),
        uploadedAt: presentTime(createdAt),
      })),
    });
  });

  mount(app, deps, ops.eraseCustomer, async ({ params }, { caller }) => {
    const erased = await eraseCustomer(
      { ...deps, filesFolder: filesFolder(deps.settings.dataDir) },
      caller.workspace,
      params.id,
      actorOf(caller),
    );
    if (!erased) throw unknown(params.id);
    deps.log.info({ ...erased, customers: erased.customers.join(' ') }, 'a customer was erased');
    return answer(200, erased);
  });
}

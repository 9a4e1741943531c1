import pg from 'pg';

/** What is made, of one template conversation. */
export interface Seeds {
  conversations: number;
  /** Messages of each. */
  messages: number;
  /** Begins the ids: seeds of one database need different ones. */
  mark: string;
}

/**
 * Copies of a conversation by SQL, with the log as long as asked for: writing a million messages one by one would take
 * the time of the whole bench. Answers with the first ids.
 */
export async function seed(
  database: string,
  template: string,
  { conversations, messages, mark }: Seeds,
): Promise<string[]> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    const id = (index: string) => `'cnv_${mark}' || lpad(${index}::text, 20, '0')`;
    const customer = (index: string) => `'cus_${mark}' || lpad(${index}::text, 20, '0')`;
    await client.query('begin');
    await client.query(
      `insert into customers (workspace_id, id)
       select c.workspace_id, ${customer('i')} from conversations c, generate_series(1, $2::int) i where c.id = $1`,
      [template, conversations],
    );
    await client.query(
      `insert into conversations (workspace_id, id, channel_id, customer_id, seq, status, holder, agent_id, queue_id, opened_at, active_at)
       select workspace_id, ${id('i')}, channel_id, ${customer('i')}, $3::int + 1, status, holder, agent_id, queue_id, opened_at, active_at
       from conversations, generate_series(1, $2::int) i where id = $1`,
      [template, conversations, messages],
    );
    await client.query(
      `insert into conversation_states (conversation_id, seq, state)
       select ${id('i')}, $3::int + 1, (state::jsonb || jsonb_build_object('id', ${id('i')}, 'customer', ${customer('i')}, 'seq', $3::int + 1))::json
       from conversation_states, generate_series(1, $2::int) i where conversation_id = $1`,
      [template, conversations, messages],
    );
    // The opening, then the template's first message again and again.
    await client.query(
      `insert into events (conversation_id, seq, workspace_id, at, type, event)
       select ${id('i')}, s, e.workspace_id, e.at + s * interval '1 second', e.type, e.event
       from generate_series(1, $2::int) i, generate_series(1, $3::int + 1) s
       join events e on e.conversation_id = $1
         and e.seq = case when s = 1 then 1 else (select min(seq) from events where conversation_id = $1 and type = 'message') end`,
      [template, conversations, messages],
    );
    await client.query('commit');
    await client.query('vacuum analyze');
    const { rows } = await client.query<{ id: string }>(
      'select id from conversations where id like $1 order by id limit 20',
      [`cnv\\_${mark}%`],
    );
    return rows.map((row) => row.id);
  } finally {
    await client.end();
  }
}

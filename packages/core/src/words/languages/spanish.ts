import type { Phrases } from '#words/phrases.ts';

export const spanish: Phrases = {
  tag: 'es',
  gap: ' ',
  yes: [
    'sí',
    'si',
    'sí por favor',
    'si por favor',
    'por favor',
    'claro',
    'claro que sí',
    'sí claro',
    'vale',
    'sí gracias',
    'si gracias',
    'de acuerdo',
    'bueno',
    'espero',
    'sí espero',
    'seguir esperando',
  ],
  no: ['no', 'no gracias', 'ahora no', 'más tarde', 'no hace falta', 'cancelar', 'déjalo', 'mejor no'],

  letMe: 'Voy a ponerle en contacto con una persona de nuestro equipo.',
  connectingOnly: 'Le estoy poniendo en contacto con nuestro equipo.',
  inLine: 'Está en la cola.',
  unknownWait: 'Todavía no puedo decir cuánto tardará.',
  longer: 'Está tardando más de lo previsto.',
  theWait: (range) => `La espera es de ${range}.`,
  ahead: (people) =>
    people === 0
      ? 'El siguiente turno es el suyo'
      : people === 1
        ? 'Hay 1 persona delante'
        : `Hay ${people} personas delante`,
  place: (ahead) => `${ahead}.`,
  placeAndWait: (ahead, range) => `${ahead}, ${range}.`,

  soon: 'menos de un minuto',
  about: (amount) => `aproximadamente ${amount}`,
  span: (low, high) => `aproximadamente de ${low} a ${high}`,
  minutes: (count) => (count === 1 ? '1 minuto' : `${count} minutos`),
  hours: (count) => (count === 1 ? '1 hora' : `${count} horas`),

  nobodyOnline:
    'En este momento no hay nadie de nuestro equipo en línea. He guardado su lugar en la cola; todavía no puedo decir cuánto tardará.',
  openAgain: ({ when, day, time }) => {
    const moment = {
      today: `hoy a las ${time}`,
      tomorrow: `mañana a las ${time}`,
      week: `el ${day} a las ${time}`,
      later: `el ${day} a las ${time}`,
    }[when];
    return `Nuestro equipo no está ahora; volvemos ${moment}. He guardado su lugar en la cola.`;
  },

  longWait: {
    expected: '¿Quiere seguir esperando? También puede hacer otra cosa y conservar su lugar.',
    passed:
      'Sigue en la cola; siento que esté tardando tanto. ¿Quiere seguir esperando? También puede hacer otra cosa y conservar su lugar.',
    closed: '¿Qué quiere hacer hasta entonces? En cualquier caso conserva su lugar.',
  },
  waits: {
    keep: 'Seguir esperando',
    bot: 'Seguir con el asistente',
    message: 'Dejar un mensaje',
    callback: 'Respóndanme más tarde',
  },
  meanwhile: {
    with_bot:
      'Conserva su lugar, y sigo aquí hasta que alguien de nuestro equipo tome el relevo. ¿En qué puedo ayudar?',
    message:
      'Escriba aquí su mensaje. Nuestro equipo lo leerá y responderá en esta ventana; puede cerrarla y volver, no se pierde nada.',
    callback:
      'Conserva su lugar y no tiene que quedarse: la respuesta estará en esta ventana cuando vuelva. Si prefiere una llamada o un correo, escriba aquí el número o la dirección.',
    here: 'De acuerdo, ahora guardo silencio. Ha conservado su lugar.',
  },

  waitLimit: 'Lo siento, nadie de nuestro equipo ha quedado libre, así que le he sacado de la cola.',
  deskFailed: 'Lo siento, ahora mismo no he podido contactar con nuestro equipo.',
  keepWriting: 'Puede seguir escribiendo aquí y volver a pedir una persona en cualquier momento.',
  cancelled: 'Ha salido de la cola. Puede volver a pedir una persona en cualquier momento.',
  agentLost: 'Lo siento, la persona que le atendía ha perdido la conexión.',
  agentSilent: 'Siento que nadie le haya respondido todavía.',
  atTheFront: 'Ahora tiene el primer lugar de la cola, y quien continúe verá todo lo escrito hasta ahora.',

  proposal: {
    leads: {
      topic: 'De esto se ocupa una persona de nuestro equipo.',
      unknown: 'Lo siento, parece que no tengo la respuesta que necesita.',
      error: 'Lo siento, algo ha fallado por mi parte.',
      person: 'Una persona de nuestro equipo puede ayudarle con esto.',
      slow: 'Siento que esté tardando tanto.',
    },
    question: '¿Quiere que le ponga en contacto con una persona?',
    yes: 'Sí, por favor',
    no: 'No, gracias',
  },
  proposalDeclined: 'De acuerdo. Puede pedir una persona en cualquier momento.',
  apology: 'Lo siento, no he podido responder. Inténtelo de nuevo o pida una persona.',
  botGone:
    'Lo siento, ahora no puedo responder. Lo que ha escrito queda guardado, y puede pedir una persona en cualquier momento.',
  loopGuard:
    'Lo siento, la conexión ha fallado varias veces, así que he dejado de intentarlo. Su conversación queda guardada y marcada para nuestro equipo.',
  returnedToBot: (agent) => `${agent ?? 'Nuestro equipo'} me ha devuelto la conversación. Puede continuar aquí.`,

  letter: {
    subject: (team) => (team === '' ? 'Una respuesta a su mensaje' : `${team}: una respuesta a su mensaje`),
    greeting: (customer) => (customer === null ? 'Hola:' : `Hola, ${customer}:`),
    wrote: (agent) => (agent === '' ? 'le hemos respondido:' : `${agent} le ha respondido:`),
    goOn: (page) => (page === null ? 'Continúe, por favor, en el chat.' : `Continúe, por favor, en el chat: ${page}`),
  },

  joined: (name) => `${name} está aquí`,
  left: (name) => `${name} ha salido`,
  closed: 'Esta conversación ha terminado. Si necesita algo más, vuelva a escribir.',
  reopened: 'Gracias por volver. Esta conversación está abierta de nuevo.',
  transferred: (name) =>
    name === undefined
      ? 'Su conversación pasa a otra persona, que verá todo lo escrito hasta ahora.'
      : `Su conversación ha pasado a ${name}, con todo lo escrito hasta ahora.`,
  held: 'La conversación está en espera. Puede seguir escribiendo; no se pierde nada.',
  resumed: 'Gracias por esperar. Ya puede continuar.',
};

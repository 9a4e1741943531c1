import type { Phrases } from '#words/phrases.ts';

export const portuguese: Phrases = {
  tag: 'pt',
  gap: ' ',
  yes: [
    'sim',
    'sim por favor',
    'por favor',
    'claro',
    'sim claro',
    'tudo bem',
    'pode ser',
    'de acordo',
    'com certeza',
    'eu espero',
    'sim eu espero',
    'continuar a esperar',
    'continuar esperando',
  ],
  no: [
    'não',
    'nao',
    'não obrigado',
    'não obrigada',
    'nao obrigado',
    'nao obrigada',
    'agora não',
    'mais tarde',
    'não precisa',
    'cancelar',
    'deixa',
    'melhor não',
  ],

  letMe: 'Vou colocar você em contato com uma pessoa da nossa equipe.',
  connectingOnly: 'Estou colocando você em contato com a nossa equipe.',
  inLine: 'Você está na fila.',
  unknownWait: 'Ainda não sei dizer quanto tempo vai levar.',
  longer: 'Está demorando mais do que o previsto.',
  theWait: (range) => `A espera é de ${range}.`,
  ahead: (people) =>
    people === 0
      ? 'A próxima vez é a sua'
      : people === 1
        ? 'Há 1 pessoa na sua frente'
        : `Há ${people} pessoas na sua frente`,
  place: (ahead) => `${ahead}.`,
  placeAndWait: (ahead, range) => `${ahead}, ${range}.`,

  soon: 'menos de um minuto',
  about: (amount) => `cerca de ${amount}`,
  span: (low, high) => `cerca de ${low} a ${high}`,
  minutes: (count) => (count === 1 ? '1 minuto' : `${count} minutos`),
  hours: (count) => (count === 1 ? '1 hora' : `${count} horas`),

  nobodyOnline:
    'No momento ninguém da nossa equipe está online. Guardei o seu lugar na fila; ainda não sei dizer quanto tempo vai levar.',
  openAgain: ({ when, day, time }) => {
    const moment = {
      today: `hoje às ${time}`,
      tomorrow: `amanhã às ${time}`,
      week: `${day} às ${time}`,
      later: `em ${day} às ${time}`,
    }[when];
    return `Nossa equipe não está aqui agora; voltamos ${moment}. Guardei o seu lugar na fila.`;
  },

  longWait: {
    expected: 'Quer continuar esperando? Você também pode fazer outra coisa e manter o seu lugar.',
    passed:
      'Você ainda está na fila; sinto muito pela demora. Quer continuar esperando? Você também pode fazer outra coisa e manter o seu lugar.',
    closed: 'O que você quer fazer até lá? O seu lugar fica guardado em todo caso.',
  },
  waits: {
    keep: 'Continuar esperando',
    bot: 'Continuar com o assistente',
    message: 'Deixar uma mensagem',
    callback: 'Responder mais tarde',
  },
  meanwhile: {
    with_bot: 'O seu lugar fica guardado, e fico com você até alguém da nossa equipe assumir. O que posso fazer?',
    message:
      'Escreva a sua mensagem aqui. Nossa equipe vai ler e responder nesta janela; você pode fechar e voltar, nada se perde.',
    callback:
      'O seu lugar fica guardado e você não precisa ficar: a resposta estará nesta janela quando você voltar. Se preferir uma ligação ou um e-mail, escreva aqui o número ou o endereço.',
    here: 'Tudo bem, agora fico em silêncio. O seu lugar está guardado.',
  },

  waitLimit: 'Sinto muito, ninguém da nossa equipe ficou livre, por isso tirei você da fila.',
  deskFailed: 'Sinto muito, não consegui falar com a nossa equipe agora.',
  keepWriting: 'Você pode continuar escrevendo aqui e pedir uma pessoa de novo a qualquer momento.',
  cancelled: 'Você saiu da fila. Você pode pedir uma pessoa de novo a qualquer momento.',
  agentLost: 'Sinto muito, a pessoa que ajudava você perdeu a conexão.',
  agentSilent: 'Sinto muito que ninguém tenha respondido ainda.',
  atTheFront: 'Você está agora no começo da fila, e quem assumir verá tudo o que foi escrito até aqui.',

  proposal: {
    leads: {
      topic: 'Isso é com uma pessoa da nossa equipe.',
      unknown: 'Sinto muito, parece que não tenho a resposta de que você precisa.',
      error: 'Sinto muito, algo deu errado do meu lado.',
      person: 'Uma pessoa da nossa equipe pode ajudar você com isso.',
      slow: 'Sinto muito pela demora.',
    },
    question: 'Quer que eu coloque você em contato com uma pessoa?',
    yes: 'Sim, por favor',
    no: 'Não precisa',
  },
  proposalDeclined: 'Tudo bem. Você pode pedir uma pessoa a qualquer momento.',
  apology: 'Sinto muito, não consegui responder. Tente de novo ou peça uma pessoa.',
  botGone:
    'Sinto muito, não posso responder agora. O que você escreveu está guardado, e você pode pedir uma pessoa a qualquer momento.',
  loopGuard:
    'Sinto muito, a conexão falhou várias vezes, por isso parei de tentar. A sua conversa está guardada e marcada para a nossa equipe.',
  returnedToBot: (agent) => `${agent ?? 'Nossa equipe'} devolveu a conversa para mim. Você pode continuar aqui.`,

  letter: {
    subject: (team) => (team === '' ? 'Uma resposta à sua mensagem' : `${team}: uma resposta à sua mensagem`),
    greeting: (customer) => (customer === null ? 'Olá,' : `Olá, ${customer},`),
    wrote: (agent) => (agent === '' ? 'respondemos a você:' : `${agent} respondeu a você:`),
    goOn: (page) => (page === null ? 'Continue, por favor, no chat.' : `Continue, por favor, no chat: ${page}`),
  },

  joined: (name) => `${name} está aqui`,
  left: (name) => `${name} saiu`,
  closed: 'Esta conversa terminou. Se precisar de mais alguma coisa, é só escrever de novo.',
  reopened: 'Que bom que você voltou. Esta conversa está aberta de novo.',
  transferred: (name) =>
    name === undefined
      ? 'A sua conversa passa a outra pessoa, que verá tudo o que foi escrito até aqui.'
      : `A sua conversa passou para ${name}, com tudo o que foi escrito até aqui.`,
  held: 'A conversa está em espera. Você pode continuar escrevendo; nada se perde.',
  resumed: 'Obrigado por esperar. Você pode continuar.',
};

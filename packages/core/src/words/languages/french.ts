import type { Phrases } from '#words/phrases.ts';

export const french: Phrases = {
  tag: 'fr',
  gap: ' ',
  yes: [
    'oui',
    'oui merci',
    'oui sil vous plaît',
    'sil vous plaît',
    'oui svp',
    'svp',
    'ouais',
    'daccord',
    'oui daccord',
    'bien sûr',
    'volontiers',
    'avec plaisir',
    'jattends',
    'oui jattends',
    'continuer à attendre',
  ],
  no: ['non', 'non merci', 'pas maintenant', 'plus tard', 'pas la peine', 'annuler', 'laissez tomber', 'surtout pas'],

  letMe: 'Je vous mets en relation avec une personne de notre équipe.',
  connectingOnly: 'Je vous mets en relation avec notre équipe.',
  inLine: "Vous êtes dans la file d'attente.",
  unknownWait: 'Je ne peux pas encore dire combien de temps cela prendra.',
  longer: "C'est plus long que prévu.",
  theWait: (range) => `L'attente est de ${range}.`,
  ahead: (people) =>
    people === 0
      ? 'Vous êtes en tête de la file'
      : people === 1
        ? '1 personne est devant vous'
        : `${people} personnes sont devant vous`,
  place: (ahead) => `${ahead}.`,
  placeAndWait: (ahead, range) => `${ahead}, ${range}.`,

  soon: "moins d'une minute",
  about: (amount) => `environ ${amount}`,
  span: (low, high) => `environ ${low} à ${high}`,
  minutes: (count) => (count === 1 ? '1 minute' : `${count} minutes`),
  hours: (count) => (count === 1 ? '1 heure' : `${count} heures`),

  nobodyOnline:
    "Personne de notre équipe n'est en ligne pour le moment. J'ai gardé votre place dans la file ; je ne peux pas encore dire combien de temps cela prendra.",
  openAgain: ({ when, day, time }) => {
    const moment = {
      today: `aujourd'hui à ${time}`,
      tomorrow: `demain à ${time}`,
      week: `${day} à ${time}`,
      later: `le ${day} à ${time}`,
    }[when];
    return `Notre équipe est absente pour le moment ; nous rouvrons ${moment}. J'ai gardé votre place dans la file.`;
  },

  longWait: {
    expected: 'Souhaitez-vous continuer à attendre ? Vous pouvez aussi faire autre chose en gardant votre place.',
    passed:
      'Vous êtes toujours dans la file, et je suis désolé que ce soit si long. Souhaitez-vous continuer à attendre ? Vous pouvez aussi faire autre chose en gardant votre place.',
    closed: "Que souhaitez-vous faire d'ici là ? Vous gardez votre place dans tous les cas.",
  },
  waits: {
    keep: 'Continuer à attendre',
    bot: "Continuer avec l'assistant",
    message: 'Laisser un message',
    callback: 'Me répondre plus tard',
  },
  meanwhile: {
    with_bot:
      "Vous gardez votre place, et je reste à votre service jusqu'à ce qu'une personne de notre équipe prenne le relais. Que puis-je faire ?",
    message:
      'Écrivez votre message ici. Notre équipe le lira et répondra dans cette fenêtre ; vous pouvez la fermer et revenir, rien ne sera perdu.',
    callback:
      "Vous gardez votre place sans avoir à rester : la réponse sera dans cette fenêtre à votre retour. Si vous préférez un appel ou un e-mail, écrivez ici le numéro ou l'adresse.",
    here: "D'accord, je me tais. Vous avez gardé votre place.",
  },

  waitLimit: "Malheureusement, personne de notre équipe ne s'est libéré ; je vous ai donc retiré de la file.",
  deskFailed: "Malheureusement, je n'ai pas pu joindre notre équipe.",
  keepWriting: 'Vous pouvez continuer à écrire ici et redemander une personne à tout moment.',
  cancelled: 'Vous avez quitté la file. Vous pouvez redemander une personne à tout moment.',
  agentLost: 'Malheureusement, la connexion avec la personne qui vous aidait est perdue.',
  agentSilent: 'Je suis désolé que personne ne vous ait encore répondu.',
  atTheFront:
    'Vous êtes maintenant en tête de la file, et la personne qui prendra le relais verra tout ce qui a été écrit.',

  proposal: {
    leads: {
      topic: 'Cette question relève de notre équipe.',
      unknown: "Désolé, il semble que je n'aie pas la réponse qu'il vous faut.",
      error: "Désolé, quelque chose n'a pas fonctionné de mon côté.",
      person: 'Une personne de notre équipe peut vous aider.',
      slow: 'Je suis désolé que ce soit si long.',
    },
    question: 'Souhaitez-vous que je vous mette en relation avec une personne ?',
    yes: 'Oui, merci',
    no: 'Non, merci',
  },
  proposalDeclined: "D'accord. Vous pouvez demander une personne à tout moment.",
  apology: "Désolé, je n'ai pas pu répondre. Réessayez, ou demandez une personne.",
  botGone:
    'Désolé, je ne peux pas répondre pour le moment. Ce que vous avez écrit est conservé, et vous pouvez demander une personne à tout moment.',
  loopGuard:
    "Désolé, la mise en relation a échoué plusieurs fois ; j'ai donc cessé d'essayer. Votre conversation est conservée et signalée à notre équipe.",
  returnedToBot: (agent) => `${agent ?? 'Notre équipe'} m'a rendu la conversation. Vous pouvez continuer ici.`,

  letter: {
    subject: (team) => (team === '' ? 'Une réponse à votre message' : `${team} : une réponse à votre message`),
    greeting: (customer) => (customer === null ? 'Bonjour,' : `Bonjour ${customer},`),
    wrote: (agent) => (agent === '' ? 'nous vous avons répondu :' : `${agent} vous a répondu :`),
    goOn: (page) =>
      page === null ? 'Veuillez poursuivre dans la messagerie.' : `Veuillez poursuivre dans la messagerie : ${page}`,
  },

  joined: (name) => `${name} a rejoint la conversation`,
  left: (name) => `${name} a quitté la conversation`,
  closed: "Cette conversation est terminée. Si vous avez besoin d'autre chose, écrivez-nous à nouveau.",
  reopened: 'Heureux de vous revoir. Cette conversation est rouverte.',
  transferred: (name) =>
    name === undefined
      ? "Votre conversation est transmise à quelqu'un d'autre, qui verra tout ce qui a été écrit."
      : `Votre conversation a été transmise à ${name}, avec tout ce qui a été écrit.`,
  held: 'La conversation est en attente. Vous pouvez continuer à écrire ; rien ne sera perdu.',
  resumed: 'Merci de votre patience. Vous pouvez continuer.',
};

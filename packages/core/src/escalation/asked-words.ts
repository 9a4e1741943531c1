import { grammar } from './shape.ts';

/**
 * The kinds of words that the rules of `asked.ts` speak of. A word has the first kind that names it; words of the
 * forgiving kinds are found with one slip of the finger too ("agrnt").
 */
export const ASKING = grammar(
  {
    // Whom one may ask for. HUMAN is only ever the other side; SOMEONE may be anybody; BOSS and STAFF may be one's own.
    HUMAN: `human humans agent agents representative representatives rep reps operator operators csr advisor advisors
      adviser advisers representitive representitives representive representetive reprasentative humanbeing agnt aget agen aent
      agants`,
    BOSS: 'manager managers supervisor supervisors boss superior superiors',
    STAFF: `receptionist concierge teller clerk executive executives consultant consultants specialist specialists technician
      technicians expert experts staff employee employees worker workers colleague colleagues founder founders professional
      personnel attendant owner director administrator assistant assistants`,
    SOMEONE: 'someone somebody anyone anybody person persons individual sm1 some1',
    PEOPLE: 'people folks guys guy man woman lady dude member members',
    SERVICE: 'service services care support helpdesk servicedesk',
    DEPT: `desk reception department departments dept team teams restaurant bar pool spa gym kitchen housekeeping office center
      centre branch bank crew frontdesk cashier callcenter callcentre hotline headquarters sales billing`,
    BOT: 'bot bots robot robots chatbot chatbots chatbox bott robo automaton',
    MACHINE: 'machine machines computer computers ai virtual automated program algorithm software automation',
    // What stands before them.
    REAL: 'real live actual proper living physical breathing genuine trained qualified competent smarter senior normal',
    CUSTOMER: 'customer customers client consumer costumer',
    FRONT: 'technical tech user room front phone',
    MY: 'my our',
    A: 'a an as the your ur yr some any another other different',
    THIS: 'this that these those it he she',
    // Ways to come together.
    TALK: `talk talking speak speaking chat chatting talkin speek spek spaek sepak tlk took converse discuss discussing
      communicate word conversation totalk tospeak tochat`,
    CONTACT: 'contact contacting reach reaching tocontact',
    CALL: 'call calling ring',
    LINK: 'connect connecting transfer transferring redirect patch pass hand handover',
    LINKED: 'connected transferred redirected passed forwarded escalated routed',
    PUT: 'put putting',
    SWITCH: 'switch direct route refer move send bring forward',
    ESCALATE: 'escalate escalating escalation handoff',
    THROUGH: 'through thru',
    OVER: 'over across on onto back along',
    GIVE: 'give gimme get getting want wanna wants wanted require demand prefer request',
    HAVE: 'have having',
    NEED: 'need needs',
    LIKE: 'like love rather',
    ASK: 'ask asked asking wish mean meant intend trying',
    HELP: 'help helping assist assistance answer advise',
    LOOK: 'look check handle deal take review sort fix solve',
    SHARE: 'share sharing dealing trust comfortable wasting waste giving entering provide providing wasted',
    SICK: 'sick tired fed hate hating hates',
    STOP: 'stop quit end',
    // Small words.
    TO: 'to with w wth wiht wit witth tto',
    ME: 'me us',
    I: 'i im id ive we',
    YOU: 'you u ya',
    OF: 'of',
    FROM: 'from by',
    BE: 'be',
    FOR: 'for about regarding',
    IS: 'is are isnt arent',
    AM: 'am',
    BEFORE: 'before was were been had when after while since became become',
    INSTEAD: 'instead',
    IF: 'if why unless until',
    ELSE: 'else',
    BEING: 'being beings',
    THERE: 'there ther',
    AVAILABLE: 'available online around',
    SMALL: `please pls plz more also just now right directly straight actually really already kindly immediately asap first here again
      soon today can could may might would shall do does go so hold touch line in finally quickly maybe ok okay yes hi
      hello hey sorry thanks thank`,
    WILL: 'will ill',
    SHOULD: 'should must',
    NO: 'no nope nah',
    NOT: 'not dont never doesnt didnt wont neednt shouldnt wouldnt without than',
    NAME: `name names id ids number numbers code codes approval fee fees commission error errors details portal login role
      version rights hair readable license licence email address account accounts resources resource body s log`,
    NET: 'wifi internet network web website page site app plan server gate',
  },
  ['HUMAN', 'BOSS', 'SOMEONE', 'TALK', 'CONTACT', 'LINK'],
  'manage managed manages humane agency humans passes hands transfers taking steak sneak spear contract contracts personal personally parson persona',
);

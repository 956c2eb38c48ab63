import type { Signs } from './wish-words.ts'

export const englishSigns: Signs = {
  negation: "no|not|never|don't|dont|do not|dinnae|dinny|won't|cannot|none|without|nothing|nae",
  more: 'more|mair|any ?more|any ?longer|no longer|longer|further|again|(?:in|for) (?:the )?future|ever|from now on|going forward',
  message:
    '\\w*mails?|e-?mails?|mailings?|mailshots?|newsletters?|messages?|msgs?|texts?|txts?|sms(?:es)?|communications?|correspondence|marketing|advert\\w*|ads?|\\w*spam|(?<!code )promos?|promotion\\w*|bulletins?|circulars?|junk|solicitations?|publicity|commercial (?:\\w+)|mail-?outs?|e-?shots?|flyers?|catalogues? by e-?mail|text alerts|stuff|these',
  offer: 'offers?|deals|discounts|invitations|updates|campaigns?|catalogues?|alerts?|notifications?',
  contact:
    'e-?mail(?:ing)?|mail(?:ing)?|send(?:ing)?|text(?:ing)?|sms(?:ing)?|messag(?:e|ing)|msg|contact(?:ed|ing)?|writ(?:e|ing)|approach(?:ed|ing)?|bother(?:ing)?|disturb(?:ed|ing)?|pester(?:ing)?|spamming|bombard(?:ing)?|hassl(?:e|ing)',
  receive: 'receiv(?:e|ing)|recieving|recieve|getting|get these|get your|hear from|be sent|be contacted',
  end: 'deactivate|cancellation|stop|stopp|stopping|cease|quit|end|ending|halt|discontinu\\w*|desist|refrain|terminate|cancel|suspend|scrap|knock it off|leave off|give over|call it a day|pack it in|cut it out|give it a rest|enough|done with|switch off|turn off|call a halt|jog on|put an end|do away|away|spare',
  remove:
    'remov(?:e|ed|ing)|delete|take|taken|drop|dropped|strike|scratch|scrub|erase|exclude|excluded|withdraw|pull|suppress|bin|lose|forget|off|out|keep|leave|cross|struck|get',
  self: "me|us|my|our|i|we|this (?:e-?mail )?address|this number|undersigned|i'm|i'd|i've|our address",
  list: 'lists?|mailings?|\\w*database|mailing-list|contacts|broadcast|distribution|records?|mailing system|list or other|text service|newsletters?|books|files|rota',
  want: 'want|wants|wanna|wish|wishes|like|need|prefer|rather|please|pls|plz|kindly|request|requests|ask|desire|appreciate|could|would|can|may|gonna need|thank you|grateful|glad|consent|care',
  leave:
    'unsub|unsubscri\\w+|unsuscri\\w+|unsubsci\\w+|opt(?:ing)?[ -]?out|deregister|sign (?:\\w+ ){0,2}out|count me out|i.?m out',
  refuse:
    'unwelcome|unwanted|declined?|object|objection|refuse|spare|revoke|revocation|withdraw my|can do one|piss off|bugger off|jog on|sick of|rid of|out of bounds|do not disturb|excluded?',
  interest: 'desired|welcome|wanted|interest|interested|use for|use from|need|wish',
}

/** What can be checked before it leaves. */
export const checkKinds = ['email', 'sms', 'phone', 'print'] as const
export type CheckKind = (typeof checkKinds)[number]

/** An error forbids sending; a warning is for a human to weigh; a note says what was found or could not be known. */
export const severities = ['error', 'warning', 'note'] as const
export type Severity = (typeof severities)[number]

export type CheckRule = {
  readonly severity: Severity
  readonly kinds: readonly CheckKind[]
  /** Where the rule comes from. */
  readonly source: string
  /** The rule in one sentence, as docs/operate/check.md has it. What is found is said by locales/findings. */
  readonly says: string
}

const everywhere: readonly CheckKind[] = ['email', 'sms', 'print']
const objection = 'GDPR art. 21(4); Directive 2002/58/EC art. 13(2) and (4)'
/** As the operator's page cites it; a page for staff says it in their language. */
export const ownRule = 'the seven rules of Verzet'

/** Every rule, by its stable name. */
export const checkRules = {
  'message-readable': rule(
    'error',
    [...everywhere, 'phone'],
    'RFC 5322; ISO 32000',
    'The message can be read as what it is said to be.',
  ),
  'brand-known': rule(
    'note',
    [...everywhere, 'phone'],
    ownRule,
    'The check knows for which brand the message is sent.',
  ),
  'placeholder-filled': rule('error', [...everywhere], objection, 'No placeholder of a way out is left unfilled.'),
  'way-out-present': rule(
    'error',
    ['email'],
    objection,
    'Each part of a mail that a reader may be shown has a way out.',
  ),
  'way-out-top': rule('error', ['email'], `${ownRule}; GDPR art. 21(4)`, 'A way out stands at the top of each part.'),
  'way-out-bottom': rule(
    'error',
    ['email'],
    `${ownRule}; GDPR art. 21(4)`,
    'A way out stands at the bottom of each part.',
  ),
  'way-out-placed': rule(
    'warning',
    ['email'],
    `${ownRule}; GDPR art. 21(4)`,
    'Where a template placed the ways out itself, they stand at the top and the bottom.',
  ),
  'way-out-in-header': rule(
    'warning',
    ['email'],
    'RFC 8058 §3.1; GDPR art. 21(4)',
    'A way out stands in the text too where the body is signed, encrypted or could not be changed.',
  ),
  'both-choices': rule(
    'error',
    ['email'],
    `${ownRule} (rule 3); EDPB Guidelines 03/2022`,
    'Each part offers to stop everything and to choose.',
  ),
  'way-out-plain': rule(
    'warning',
    ['email'],
    'GDPR art. 12(1); WCAG 2.2, 2.4.4',
    'The words of a way out say what it does.',
  ),
  'way-out-hidden': rule(
    'error',
    ['email'],
    'GDPR art. 21(4); EDPB Guidelines 03/2022',
    'No way out is hidden from the eye.',
  ),
  'readable-contrast': rule(
    'error',
    ['email'],
    'WCAG 2.2, 1.4.3',
    'A way out has a contrast of 4.5 to 1, in light and in dark.',
  ),
  'contrast-unknown': rule('note', ['email'], 'WCAG 2.2, 1.4.3', 'The contrast of a way out can be told.'),
  'readable-size': rule(
    'error',
    ['email'],
    'GDPR art. 21(4); EDPB Guidelines 03/2022',
    'A way out is set in 12 px or more.',
  ),
  'image-with-words': rule(
    'error',
    ['email'],
    'WCAG 2.2, 1.1.1',
    'A way out that is a picture has its words in `alt`.',
  ),
  'no-login': rule('error', ['email', 'sms'], 'GDPR art. 12(2); RCC 2017/00389', 'A way out asks for no login.'),
  'no-login-words': rule(
    'warning',
    ['email'],
    'GDPR art. 12(2); RCC 2017/00389',
    'Nothing beside a way out speaks of a login.',
  ),
  'https-only': rule('error', everywhere, 'RFC 8058 §3.1; GDPR art. 32', 'Ways out lead to https.'),
  'link-of-this-hub': rule('error', everywhere, `${ownRule} (rule 6)`, 'At least one way out leads to this hub.'),
  'link-opens': rule(
    'error',
    everywhere,
    `${ownRule} (rule 7)`,
    'A link to this hub carries a token or code of this hub, unchanged.',
  ),
  'link-host': rule('warning', everywhere, 'RFC 8058 §3.1', 'A link of this hub stands under the address of this hub.'),
  'link-brand': rule('error', everywhere, `${ownRule} (rule 3)`, 'A link was made for the brand that sends.'),
  'link-channel': rule('warning', everywhere, `${ownRule} (rule 3)`, 'A link was made for the channel it travels on.'),
  'link-recipient': rule('error', ['email'], 'RFC 8058 §3.1; GDPR art. 32', 'A link belongs to the person in `To`.'),
  'link-answers': rule(
    'error',
    ['email'],
    'RFC 8058 §3.1; GDPR art. 12(2)',
    'Followed, a way out opens: one of this hub its own page, one elsewhere a page without login.',
  ),
  'link-harmless': rule('error', ['email'], `${ownRule} (rule 5)`, 'Followed, a way out of this hub changes nothing.'),
  'link-foreign': rule(
    'warning',
    everywhere,
    'RFC 8058 §3.1; GDPR art. 12(2)',
    'Of a way out to elsewhere nobody here can say that it works, nor that looking at it changes nothing.',
  ),
  'list-unsubscribe': rule(
    'error',
    ['email'],
    'RFC 8058 §3.1; RFC 2369 §2',
    'One `List-Unsubscribe` with one https address.',
  ),
  'list-unsubscribe-mailto': rule(
    'warning',
    ['email'],
    'RFC 2369 §3.2',
    '`List-Unsubscribe` names a mailto address too.',
  ),
  'list-unsubscribe-post': rule(
    'error',
    ['email'],
    'RFC 8058 §3.1',
    'One `List-Unsubscribe-Post`, saying `List-Unsubscribe=One-Click`.',
  ),
  'list-id': rule('warning', ['email'], 'RFC 2919 §2', 'One `List-Id`, so that a reader can file the mail.'),
  'from-address': rule(
    'error',
    ['email'],
    'RFC 5322 §3.6.2; Directive 2002/58/EC art. 13(4)',
    'One `From` with one address.',
  ),
  'from-name': rule(
    'warning',
    ['email'],
    'Directive 2002/58/EC art. 13(4)',
    '`From` names the brand or the organisation.',
  ),
  'sender-named': rule(
    'error',
    ['email', 'print'],
    'Directive 2000/31/EC art. 6(b); Directive 2002/58/EC art. 13(4)',
    'The text names the brand or the organisation.',
  ),
  'sender-contact': rule(
    'warning',
    ['email', 'print'],
    'Directive 2000/31/EC art. 5(1); Directive 2002/58/EC art. 13(4)',
    'The text names a postal address, a mail address or a number.',
  ),
  'dkim-signed': rule('warning', ['email'], 'RFC 8058 §4; RFC 6376', 'The mail is signed.'),
  'dkim-covers': rule(
    'error',
    ['email'],
    'RFC 8058 §4; RFC 6376 §5.4',
    'A signature covers `From`, `List-Unsubscribe` and `List-Unsubscribe-Post`.',
  ),
  'dkim-over-signs': rule(
    'warning',
    ['email'],
    'RFC 6376 §5.4.2 and §8.15',
    'A signature forbids a second such field.',
  ),
  'dkim-aligned': rule('warning', ['email'], 'RFC 9989', 'A signature is that of the domain in `From`.'),
  'dkim-whole-body': rule('warning', ['email'], 'RFC 6376 §8.2', 'A signature covers the whole body.'),
  'dkim-verifies': rule('error', ['email'], 'RFC 6376 §6.1', 'A signature verifies with the key given.'),
  'sms-way-out': rule(
    'error',
    ['sms'],
    'Directive 2002/58/EC art. 13(2) and (4); GDPR art. 21(4)',
    'The text says how to stop.',
  ),
  'sms-sender-receives': rule(
    'error',
    ['sms'],
    'Directive 2002/58/EC art. 13(4)',
    'A text that asks for an answer comes from a number that takes one.',
  ),
  'sms-sender-unknown': rule('note', ['sms'], 'Directive 2002/58/EC art. 13(4)', 'The check knows the sender.'),
  'sms-brand': rule('error', ['sms'], 'Directive 2002/58/EC art. 13(4)', 'Sender or text name the brand.'),
  'sms-length': rule(
    'note',
    ['sms'],
    '3GPP TS 23.038 §6.2; TS 23.040 §9.2.3.24',
    'How many messages the text is billed as.',
  ),
  'sms-too-long': rule('warning', ['sms'], '3GPP TS 23.040 §9.2.3.24', 'The text is at most three messages.'),
  'sms-alphabet': rule(
    'warning',
    ['sms'],
    '3GPP TS 23.038 §6.2.1',
    'No single sign makes the text cost twice as much.',
  ),
  'sms-link-length': rule('warning', ['sms'], '3GPP TS 23.038', 'A link takes at most 24 signs after its scheme.'),
  'phone-right': rule(
    'error',
    ['phone'],
    'GDPR art. 21(4); Tw art. 11.7 (NL)',
    'The script offers the right to object, in words.',
  ),
  'phone-identity': rule('error', ['phone'], 'Directive 2011/83/EU art. 8(5)', 'The caller says for whom the call is.'),
  'phone-purpose': rule('error', ['phone'], 'Directive 2011/83/EU art. 8(5)', 'The caller says what the call is for.'),
  'phone-early': rule(
    'warning',
    ['phone'],
    'Directive 2011/83/EU art. 8(5)',
    'Name and purpose come at the beginning of the call.',
  ),
  'phone-register': rule(
    'warning',
    ['phone'],
    'Tw art. 11.7 (NL); WER art. VI.110 to VI.112 (BE)',
    'What is said of a do-not-call register holds in that country.',
  ),
  'print-way-out': rule('error', ['print'], 'GDPR art. 21(4)', 'A line of text says how to stop.'),
  'print-qr': rule(
    'error',
    ['print'],
    `GDPR art. 12(2); ${ownRule}`,
    'A QR code on the page decodes to a link of this hub.',
  ),
  'print-qr-size': rule('warning', ['print'], 'ISO/IEC 18004', 'A QR code is large enough for a phone.'),
  'print-link': rule('error', ['print'], 'GDPR art. 12(2)', 'The link stands there as text, for who scans nothing.'),
  'print-code': rule('error', ['print'], 'GDPR art. 12(2)', 'The code stands there as text and is one of this hub.'),
  'print-size': rule(
    'error',
    ['print'],
    'GDPR art. 21(4); Regulation (EU) 1169/2011 art. 13(2), by analogy',
    'Link and code are set in 7 points or more.',
  ),
  'print-postfilter': rule(
    'warning',
    ['print'],
    'Code Postfilter (NL)',
    'Advertising by post in the Netherlands names postfilter.nl.',
  ),
  'print-pages': rule('note', ['print'], ownRule, 'Every page was looked at.'),
} as const satisfies Readonly<Record<string, CheckRule>>

export type CheckRuleId = keyof typeof checkRules
export const checkRuleIds = Object.keys(checkRules).filter((id): id is CheckRuleId => id in checkRules)

function rule(severity: Severity, kinds: readonly CheckKind[], source: string, says: string): CheckRule {
  return { severity, kinds, source, says }
}

/** Every limit of the relay by name. The ones an operator may want otherwise are settings; these are their defaults. */

/** 25 MB is what Gmail takes, counted as it travels; what is larger would not arrive. */
export const messageBytesDefault = 25 * 1024 * 1024
/** Messages in memory at once, in all: one is held whole to be rewritten and signed, and the copy beside it. */
export const heldBytesMax = 256 * 1024 * 1024
/** RFC 5321 §4.5.3.1.8 asks for a hundred recipients; with LMTP each gets an answer of its own. */
export const lmtpRecipientsMax = 100
/** SMTP has one answer for all recipients of a transaction, so there is one of them: the next is asked to come again. */
export const smtpRecipientsMax = 1
/** Postfix opens 20 connections to one destination by default; several such servers fit. */
export const connectionsMax = 200
/** So that one client cannot take the places of all. */
export const connectionsPerCredentialMax = 50
/** RFC 5321 §4.5.3.1.4 has 512 octets; an AUTH line of RFC 4954 §4 has 12,288. */
export const commandCharactersMax = 12_288
/** RFC 5321 §4.5.3.2.7: a server waits five minutes for the next command; pooled clients keep quiet between mails. */
export const silenceMsMax = 5 * 60_000
/** As long as requests under way get when the hub stops. */
export const drainMsMax = 10_000
/** RFC 5321 §6.3: a hundred Received fields are a loop. */
export const receivedFieldsMax = 100

/** Wrong passwords from one address within the window before it is turned away; a person tries three or four. */
export const authFailuresMax = 10
export const authFailureWindowMs = 10 * 60_000
/** Addresses remembered; beyond it the oldest is forgotten. */
export const authAddressesMax = 10_000

/** What Postfix gives one client by default is 50; this leaves room for the others of a smarthost. */
export const nextHopConnectionsMax = 20
/** A mail that waits longer for a free connection is asked to come again; its client waits ten minutes at most. */
export const nextHopWaitMsMax = 30_000
export const nextHopWaitingMax = 1_000
/** A mail server in the same network answers in milliseconds; one that needs longer than this is taken for down. */
export const nextHopConnectMsMax = 10_000
/** RFC 5321 §4.5.3.2 has five minutes for most replies; a smarthost of one's own that is so slow is overloaded. */
export const nextHopReplyMsMax = 60_000
/** RFC 5321 §4.5.3.2.6 has ten minutes here, which is also when our own client gives up: we answer before it does. */
export const nextHopDataReplyMsMax = 4 * 60_000
/** Below the five minutes after which Postfix hangs up on a silent client. */
export const nextHopIdleMsMax = 60_000
/** After a failed connection others are not tried for so long: each mail would wait for its own timeout. */
export const nextHopRestMs = 1_000
/** A reply is a few lines of 512 octets (RFC 5321 §4.5.3.1.5); a server that goes on talking is none. */
export const replyBytesMax = 65_536

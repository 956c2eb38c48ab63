/** The bits of SipHash's state words are kept in halves of 32: neither database adds modulo 2^64. */
const mask = '4294967295'

/** SipHash-2-4 (Aumasson and Bernstein, 2012, §2), as 16 hex digits, most significant first. */
export function postgresqlFingerprint(key: Uint8Array): string {
  const [a, A, b, B, c, C, d, D] = initialState(key)
  const add = (to: string, by: string) =>
    `      l := ${to}l + ${by}l; ${to}h := (${to}h + ${by}h + (l >> 32)) & ${mask}; ${to}l := l & ${mask};`
  const turn = (word: string, bits: number, into: string) =>
    `      l := ${word}l; ${word}l := (((l << ${bits}) | (${word}h >> ${32 - bits})) & ${mask}) # ${into}l; ${word}h := (((${word}h << ${bits}) | (l >> ${32 - bits})) & ${mask}) # ${into}h;`
  const swap = (word: string) => `      l := ${word}l; ${word}l := ${word}h; ${word}h := l;`
  const first = [add('a', 'b'), turn('b', 13, 'a'), swap('a'), add('c', 'd'), turn('d', 16, 'c')]
  const second = [add('a', 'd'), turn('d', 21, 'a'), add('c', 'b'), turn('b', 17, 'c'), swap('c')]
  const round = [...first, ...second].join('\n')
  return `create or replace function verzet_fingerprint(type text, normalised text) returns text language plpgsql immutable parallel safe as $$
declare
  bytes bytea := convert_to(type || ':' || normalised, 'UTF8');
  size int := length(bytes);
  al bigint := ${a}; ah bigint := ${A}; bl bigint := ${b}; bh bigint := ${B};
  cl bigint := ${c}; ch bigint := ${C}; dl bigint := ${d}; dh bigint := ${D};
  wl bigint; wh bigint; l bigint;
begin
  if bytes is null then return null; end if;
  -- The last block ends in the length; one turn more ends the hash.
  bytes := bytes || decode(repeat('00', 7 - size % 8) || lpad(to_hex(size & 255), 2, '0'), 'hex');
  for block in 0 .. size / 8 + 1 loop
    wl := 0; wh := 0;
    if block <= size / 8 then
      for place in 0 .. 3 loop
        wl := wl | (get_byte(bytes, 8 * block + place)::bigint << (8 * place));
        wh := wh | (get_byte(bytes, 8 * block + 4 + place)::bigint << (8 * place));
      end loop;
    else
      cl := cl # 255;
    end if;
    dl := dl # wl; dh := dh # wh;
    for round in 1 .. case when block <= size / 8 then 2 else 4 end loop
${round}
    end loop;
    al := al # wl; ah := ah # wh;
  end loop;
  return lpad(to_hex(ah # bh # ch # dh), 8, '0') || lpad(to_hex(al # bl # cl # dl), 8, '0');
end
$$;
`
}

/**
 * The same as one reduction. The state is a list of eight halves; each step is half a round, which leaves the first and
 * the third word exchanged, so that the other half is the same step. A step brings what is to be put into the fourth, the
 * first and the third word before it, and the two turns.
 */
export function duckdbFingerprint(key: Uint8Array): string {
  const [al, ah] = ['xor(s[1], e[3])', 'xor(s[2], e[4])']
  const cl = 'xor(s[5], e[5])'
  const [dl, dh] = ['xor(s[7], e[1])', 'xor(s[8], e[2])']
  const sum = (low: string, other: string) => `((${low} + ${other}) & ${mask})`
  const sumHigh = (low: string, other: string, high: string, otherHigh: string) =>
    `((${high} + ${otherHigh} + ((${low} + ${other}) >> 32)) & ${mask})`
  const turned = (low: string, high: string, bits: string) =>
    `(((${low} << ${bits}) | (${high} >> (32 - ${bits}))) & ${mask})`
  const [sal, sah] = [sum(al, 's[3]'), sumHigh(al, 's[3]', ah, 's[4]')]
  const [scl, sch] = [sum(cl, dl), sumHigh(cl, dl, 's[6]', dh)]
  const exchanged = [
    scl,
    sch,
    `xor(${turned('s[3]', 's[4]', 'e[6]')}, ${sal})`,
    `xor(${turned('s[4]', 's[3]', 'e[6]')}, ${sah})`,
  ]
  const rest = [sah, sal, `xor(${turned(dl, dh, 'e[7]')}, ${scl})`, `xor(${turned(dh, dl, 'e[7]')}, ${sch})`]
  const state = [...exchanged, ...rest]
  /** What follows the first half of a block or of the end. */
  const halves = (count: number) =>
    Array.from({ length: count }, (_, index) => `[0, 0, 0, 0, 0, ${index % 2 === 0 ? '17, 21' : '13, 16'}]`).join(', ')
  return `create or replace macro verzet_word(hex, place) as
  case when place < 0 then 0 else ('0x' || substr(hex, 2 * place + 7, 2) || substr(hex, 2 * place + 5, 2) || substr(hex, 2 * place + 3, 2) || substr(hex, 2 * place + 1, 2))::bigint end;
create or replace macro verzet_padded(bytes) as
  rpad(hex(bytes), ((octet_length(bytes) // 8) * 16 + 14)::integer, '0') || printf('%02x', octet_length(bytes) % 256);
create or replace macro verzet_steps(hex) as
  flatten(list_transform(range(0, length(hex) // 2, 8), lambda o: [
    [verzet_word(hex, o), verzet_word(hex, o + 4), verzet_word(hex, o - 8), verzet_word(hex, o - 4), 0, 13, 16],
    ${halves(3)}])) ||
  [[0, 0, verzet_word(hex, length(hex) // 2 - 8), verzet_word(hex, length(hex) // 2 - 4), 255, 13, 16],
    ${halves(7)}];
create or replace macro verzet_half(s, e) as [${state.join(',\n  ')}];
create or replace macro verzet_shown(s) as
  printf('%08x', xor(xor(s[2], s[4]), xor(s[6], s[8]))) || printf('%08x', xor(xor(s[1], s[3]), xor(s[5], s[7])));
create or replace macro verzet_fingerprint(type, normalised) as
  list_transform([verzet_padded(encode(type || ':' || normalised))], lambda hex: list_transform([
    list_reduce([[${initialState(key).join(', ')}]::bigint[]] || verzet_steps(hex)::bigint[][], lambda s, e: verzet_half(s, e))
  ], lambda s: verzet_shown(s))[1])[1];
`
}

/** The four words as low and high halves, the key in them. */
function initialState(key: Uint8Array): number[] {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
  const constants = [0x70736575, 0x736f6d65, 0x6e646f6d, 0x646f7261, 0x6e657261, 0x6c796765, 0x79746573, 0x74656462]
  return constants.map((constant, index) => (constant ^ view.getUint32(4 * (index % 4), true)) >>> 0)
}

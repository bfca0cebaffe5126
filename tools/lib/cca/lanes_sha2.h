/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SHA-2 in lanes, for one width of words. lanes.c includes this file once for
 * each width. Before, lanes.c defines the macros that differ.
 */

/* As many lanes as a vector has words, so that rows and columns can swap. */
#define LANES		(sizeof(words) / sizeof(word))
#define BLOCK		(16 * sizeof(word))

WIDE static inline words NAME(ror)(words x, unsigned int n)
{
	return x >> n | x << (BITS - n);
}

WIDE static inline words NAME(rotate)(words x, const uint8_t *n)
{
	return NAME(ror)(x, n[0]) ^ NAME(ror)(x, n[1]) ^ NAME(ror)(x, n[2]);
}

WIDE static inline words NAME(shift)(words x, const uint8_t *n)
{
	return NAME(ror)(x, n[0]) ^ NAME(ror)(x, n[1]) ^ x >> n[2];
}

/* Transposes: from one row per lane to one row per word of the message. */
WIDE static inline void NAME(turn)(words *rows)
{
	words low, high, a, b;

	for (size_t step = 1; step < LANES; step *= 2) {
		for (size_t i = 0; i < LANES; i++) {
			low[i] = i & step ? LANES + i - step : i;
			high[i] = i & step ? LANES + i : i + step;
		}
		for (size_t i = 0; i < LANES; i++) {
			if (i & step)
				continue;
			a = rows[i];
			b = rows[i + step];
			rows[i] = (words)PICK((__m512i)a, (__m512i)low,
					      (__m512i)b);
			rows[i + step] = (words)PICK((__m512i)a, (__m512i)high,
						     (__m512i)b);
		}
	}
}

WIDE static inline words NAME(load)(const uint8_t *p)
{
	uint8_t order[sizeof(words)];

	/* Big-endian words; the instruction shuffles within 16 bytes. */
	for (size_t i = 0; i < sizeof(order); i++)
		order[i] = (i ^ (sizeof(word) - 1)) % 16;
	return (words)_mm512_shuffle_epi8(_mm512_loadu_si512(p),
					  _mm512_loadu_si512(order));
}

/* FIPS 180-4, 6.2.2 and 6.4.2; overwrites @w. */
WIDE static void NAME(block)(words *state, words *w)
{
	const uint8_t (*n)[3] = NAME(shifts);
	words a = state[0], b = state[1], c = state[2], d = state[3];
	words e = state[4], f = state[5], g = state[6], h = state[7], t1, t2;

#pragma GCC unroll 16
	for (size_t i = 0; i < ROUNDS; i++) {
		t1 = h + NAME(rotate)(e, n[1]) + (g ^ (e & (f ^ g))) +
		     w[i % 16] + (word)(round_constants[i] >> (64 - BITS));
		t2 = NAME(rotate)(a, n[0]) + ((a & b) | (c & (a | b)));
		h = g;
		g = f;
		f = e;
		e = d + t1;
		d = c;
		c = b;
		b = a;
		a = t1 + t2;
		/* The message schedule's word for the round 16 rounds later. */
		w[i % 16] += NAME(shift)(w[(i + 1) % 16], n[2]) +
			     w[(i + 9) % 16] +
			     NAME(shift)(w[(i + 14) % 16], n[3]);
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
	state[5] += f;
	state[6] += g;
	state[7] += h;
}

WIDE static void NAME(digest)(const uint8_t *granules, const uint64_t *initial,
			      size_t len, uint8_t *out)
{
	words state[8], w[16], zero = {};

	for (size_t i = 0; i < 8; i++)
		state[i] = zero + (word)(initial[i] >> (64 - BITS));
	for (size_t pos = 0; pos < CC_GRANULE; pos += BLOCK) {
		for (size_t i = 0; i < 16; i++)
			w[i] = NAME(load)(granules + i % LANES * CC_GRANULE +
					  pos + i / LANES * sizeof(words));
		for (size_t i = 0; i < 16; i += LANES)
			NAME(turn)(w + i);
		NAME(block)(state, w);
	}
	/* FIPS 180-4, 5.1: one bit, zeros, and the length in bits. */
	for (size_t i = 0; i < 16; i++)
		w[i] = zero;
	w[0] += (word)1 << (BITS - 1);
	w[15] += 8 * CC_GRANULE;
	NAME(block)(state, w);
	for (size_t lane = 0; lane < LANES; lane++)
		for (size_t i = 0; i < len; i++)
			*out++ = state[i / sizeof(word)][lane] >>
				 (BITS - 8 - 8 * (i % sizeof(word)));
}

#undef word
#undef BITS
#undef words
#undef NAME
#undef ROUNDS
#undef PICK
#undef LANES
#undef BLOCK

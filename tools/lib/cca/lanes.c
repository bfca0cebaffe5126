// SPDX-License-Identifier: GPL-2.0-only
/*
 * SHA-2 of many granules at once; FIPS 180-4.
 *
 * A RIM needs the digest of each granule, and the digests do not depend on each
 * other. Each lane of a vector register hashes one granule. OpenSSL hashes one
 * message at a time. With AVX-512, this file is twice as fast as OpenSSL for
 * SHA-256, for which processors have instructions, and three times as fast for
 * SHA-384 and SHA-512. Narrower vectors are not faster than OpenSSL.
 */
#include "cca/lanes.h"

#ifdef __x86_64__
#include <immintrin.h>

#define WIDE	__attribute__((target("avx512f,avx512bw")))

typedef uint32_t u32x16 __attribute__((vector_size(64)));
typedef uint64_t u64x8 __attribute__((vector_size(64)));

/* FIPS 180-4, 4.2.3; SHA-256 uses the upper halves of the first 64. */
static const uint64_t round_constants[80] = {
	0x428a2f98d728ae22ULL, 0x7137449123ef65cdULL, 0xb5c0fbcfec4d3b2fULL,
	0xe9b5dba58189dbbcULL, 0x3956c25bf348b538ULL, 0x59f111f1b605d019ULL,
	0x923f82a4af194f9bULL, 0xab1c5ed5da6d8118ULL, 0xd807aa98a3030242ULL,
	0x12835b0145706fbeULL, 0x243185be4ee4b28cULL, 0x550c7dc3d5ffb4e2ULL,
	0x72be5d74f27b896fULL, 0x80deb1fe3b1696b1ULL, 0x9bdc06a725c71235ULL,
	0xc19bf174cf692694ULL, 0xe49b69c19ef14ad2ULL, 0xefbe4786384f25e3ULL,
	0x0fc19dc68b8cd5b5ULL, 0x240ca1cc77ac9c65ULL, 0x2de92c6f592b0275ULL,
	0x4a7484aa6ea6e483ULL, 0x5cb0a9dcbd41fbd4ULL, 0x76f988da831153b5ULL,
	0x983e5152ee66dfabULL, 0xa831c66d2db43210ULL, 0xb00327c898fb213fULL,
	0xbf597fc7beef0ee4ULL, 0xc6e00bf33da88fc2ULL, 0xd5a79147930aa725ULL,
	0x06ca6351e003826fULL, 0x142929670a0e6e70ULL, 0x27b70a8546d22ffcULL,
	0x2e1b21385c26c926ULL, 0x4d2c6dfc5ac42aedULL, 0x53380d139d95b3dfULL,
	0x650a73548baf63deULL, 0x766a0abb3c77b2a8ULL, 0x81c2c92e47edaee6ULL,
	0x92722c851482353bULL, 0xa2bfe8a14cf10364ULL, 0xa81a664bbc423001ULL,
	0xc24b8b70d0f89791ULL, 0xc76c51a30654be30ULL, 0xd192e819d6ef5218ULL,
	0xd69906245565a910ULL, 0xf40e35855771202aULL, 0x106aa07032bbd1b8ULL,
	0x19a4c116b8d2d0c8ULL, 0x1e376c085141ab53ULL, 0x2748774cdf8eeb99ULL,
	0x34b0bcb5e19b48a8ULL, 0x391c0cb3c5c95a63ULL, 0x4ed8aa4ae3418acbULL,
	0x5b9cca4f7763e373ULL, 0x682e6ff3d6b2b8a3ULL, 0x748f82ee5defb2fcULL,
	0x78a5636f43172f60ULL, 0x84c87814a1f0ab72ULL, 0x8cc702081a6439ecULL,
	0x90befffa23631e28ULL, 0xa4506cebde82bde9ULL, 0xbef9a3f7b2c67915ULL,
	0xc67178f2e372532bULL, 0xca273eceea26619cULL, 0xd186b8c721c0c207ULL,
	0xeada7dd6cde0eb1eULL, 0xf57d4f7fee6ed178ULL, 0x06f067aa72176fbaULL,
	0x0a637dc5a2c898a6ULL, 0x113f9804bef90daeULL, 0x1b710b35131c471bULL,
	0x28db77f523047d84ULL, 0x32caab7b40c72493ULL, 0x3c9ebe0a15c9bebcULL,
	0x431d67c49c100d4cULL, 0x4cc5d4becb3e42b6ULL, 0x597f299cfc657e2aULL,
	0x5fcb6fab3ad6faecULL, 0x6c44198c4a475817ULL,
};

/* FIPS 180-4, 5.3.5; SHA-256 uses the upper halves. */
static const uint64_t initial_512[8] = {
	0x6a09e667f3bcc908ULL, 0xbb67ae8584caa73bULL, 0x3c6ef372fe94f82bULL,
	0xa54ff53a5f1d36f1ULL, 0x510e527fade682d1ULL, 0x9b05688c2b3e6c1fULL,
	0x1f83d9abfb41bd6bULL, 0x5be0cd19137e2179ULL,
};

/* FIPS 180-4, 5.3.4. */
static const uint64_t initial_384[8] = {
	0xcbbb9d5dc1059ed8ULL, 0x629a292a367cd507ULL, 0x9159015a3070dd17ULL,
	0x152fecd8f70e5939ULL, 0x67332667ffc00b31ULL, 0x8eb44a8768581511ULL,
	0xdb0c2e0d64f98fa7ULL, 0x47b5481dbefa4fa4ULL,
};

/* Rotations of Sigma 0, Sigma 1, sigma 0, sigma 1; FIPS 180-4, 4.1.2. */
static const uint8_t shifts_32[4][3] = {
	{ 2, 13, 22 }, { 6, 11, 25 }, { 7, 18, 3 }, { 17, 19, 10 },
};

/* FIPS 180-4, 4.1.3. */
static const uint8_t shifts_64[4][3] = {
	{ 28, 34, 39 }, { 14, 18, 41 }, { 1, 8, 7 }, { 19, 61, 6 },
};

#define word		uint32_t
#define words		u32x16
#define NAME(x)		x##_32
#define BITS		32
#define ROUNDS		64
#define PICK(a, i, b)	_mm512_permutex2var_epi32(a, i, b)
#include "cca/lanes_sha2.h"

#define word		uint64_t
#define words		u64x8
#define NAME(x)		x##_64
#define BITS		64
#define ROUNDS		80
#define PICK(a, i, b)	_mm512_permutex2var_epi64(a, i, b)
#include "cca/lanes_sha2.h"

/**
 * ccg_lanes - get the number of granules that are hashed at once
 * @algo: CC_REALM_SHA256 and so on
 *
 * Return: the number; 0 if this processor has no suitable vectors.
 */
size_t ccg_lanes(uint8_t algo)
{
	if (!__builtin_cpu_supports("avx512f") ||
	    !__builtin_cpu_supports("avx512bw"))
		return 0;
	return algo == CC_REALM_SHA256 ? 16 : 8;
}

/**
 * ccg_lanes_digest - hash one granule in each lane
 * @algo: CC_REALM_SHA256 and so on
 * @granules: as many granules as there are lanes, one after the other
 * @out: set to the digests, one after the other
 */
void ccg_lanes_digest(uint8_t algo, const uint8_t *granules, uint8_t *out)
{
	if (algo == CC_REALM_SHA256)
		digest_32(granules, initial_512, 32, out);
	else if (algo == CC_REALM_SHA384)
		digest_64(granules, initial_384, 48, out);
	else
		digest_64(granules, initial_512, 64, out);
}

#else

size_t ccg_lanes(uint8_t algo)
{
	(void)algo;
	return 0;
}

void ccg_lanes_digest(uint8_t algo, const uint8_t *granules, uint8_t *out)
{
	(void)algo;
	(void)granules;
	(void)out;
}

#endif

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy for PCI devices: lines, words, and the rule for a device.
 */
#include "cma_policy_internal.h"

#define PIN_HEAD	"sha256:"

/**
 * struct line - a line of a policy
 * @any: the rule is for every device
 * @address: the rule names an address
 * @numbers: how many numbers the rule names: 0, 1, 2 or 4
 * @id: address and numbers
 * @wants: offset of the requirements
 */
struct line {
	bool any;
	bool address;
	size_t numbers;
	struct cma_id id;
	size_t wants;
};

static int bad(struct cma_policy_fault *fault, const char *what,
	       const struct cma_word *word)
{
	fault->what = what;
	fault->word = word ? word->s : NULL;
	fault->word_len = word ? word->len : 0;
	return -EINVAL;
}

/* ---- words ---- */

static bool is_blank(u8 c)
{
	return c == ' ' || c == '\t';
}

/*
 * A word ends at a blank, or is in quotation marks. A word that begins with # ends
 * the line. Returns 1; 0 at the end; -EINVAL.
 */
static int next_word(const u8 *text, size_t len, size_t *pos,
		     struct cma_word *word, struct cma_policy_fault *fault)
{
	size_t end, i = *pos;
	bool quoted;

	while (i < len && is_blank(text[i]))
		i++;
	*pos = i;
	if (i == len || text[i] == '#')
		return 0;
	quoted = text[i] == '"';
	i += quoted;
	word->s = text + i;
	for (end = i; end < len; end++)
		if (quoted ? text[end] == '"' : is_blank(text[end]))
			break;
	word->len = end - i;
	if (!quoted && memchr(word->s, '"', word->len))
		return bad(fault, "Quotation mark inside a word", word);
	if (quoted && end == len)
		return bad(fault, "Quotation mark without its second one", word);
	end += quoted;
	if (end < len && !is_blank(text[end]))
		return bad(fault, "No blank behind a quotation mark", word);
	*pos = end;
	return 1;
}

static bool is_word(const struct cma_word *word, const char *text)
{
	return word->len == strlen(text) && !memcmp(word->s, text, word->len);
}

/* Take the word that must follow @after. */
static int operand(const u8 *text, size_t len, size_t *pos,
		   const struct cma_word *after, struct cma_word *word,
		   struct cma_policy_fault *fault)
{
	int rc = next_word(text, len, pos, word, fault);

	if (rc < 0)
		return rc;
	return rc && word->len ? 0 :
	       bad(fault, "Word without the one that must follow", after);
}

/* The value of a hexadecimal digit, or -1. */
static int digit(u8 c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Take a number of at least @min and at most @max digits. */
static bool take_hex(struct cma_word *w, size_t min, size_t max, u32 *n)
{
	size_t i;

	*n = 0;
	for (i = 0; i < w->len && i < max && digit(w->s[i]) >= 0; i++)
		*n = *n << 4 | digit(w->s[i]);
	w->s += i;
	w->len -= i;
	return i >= min;
}

static bool take_char(struct cma_word *w, char c)
{
	if (!w->len || *w->s != c)
		return false;
	w->s++;
	w->len--;
	return true;
}

bool cma_parse_address(const u8 *text, size_t len, struct cma_id *id)
{
	struct cma_word w = { text, len };
	u32 domain = 0, bus, slot, function;
	size_t colons = 0;

	for (size_t i = 0; i < len; i++)
		colons += text[i] == ':';
	if (colons == 2 && (!take_hex(&w, 4, 8, &domain) || !take_char(&w, ':')))
		return false;
	if (!take_hex(&w, 2, 2, &bus) || !take_char(&w, ':') ||
	    !take_hex(&w, 2, 2, &slot) || !take_char(&w, '.') ||
	    !take_hex(&w, 1, 1, &function) || w.len || slot > 31 || function > 7)
		return false;
	id->has_address = true;
	id->domain = domain;
	id->bus = bus;
	id->slot = slot;
	id->function = function;
	return true;
}

size_t cma_parse_numbers(const u8 *text, size_t len, struct cma_id *id)
{
	struct cma_word w = { text, len };
	u32 n[4] = {};
	size_t i = 0;

	do {
		if (i == ARRAY_SIZE(n) || !take_hex(&w, 4, 4, &n[i++]))
			return 0;
	} while (take_char(&w, ':'));
	if (w.len || i == 3)
		return 0;
	id->has_subsystem = i == 4;
	id->vendor = n[0];
	id->device = n[1];
	id->sub_vendor = n[2];
	id->sub_device = n[3];
	return i;
}

/* ---- requirements ---- */

static bool parse_pin(const struct cma_word *word, u8 pin[CMA_PIN_LEN])
{
	const size_t head = sizeof(PIN_HEAD) - 1;

	if (word->len != head + 2 * CMA_PIN_LEN || memcmp(word->s, PIN_HEAD, head))
		return false;
	for (size_t i = 0; i < CMA_PIN_LEN; i++) {
		int high = digit(word->s[head + 2 * i]);
		int low = digit(word->s[head + 2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		pin[i] = high << 4 | low;
	}
	return true;
}

static int take_pin(const struct cma_word *word, struct cma_requirement *req,
		    struct cma_policy_fault *fault)
{
	req->want = CMA_PIN;
	return parse_pin(word, req->pin) ? 1 :
	       bad(fault, "Pin is not sha256: and 64 hexadecimal digits", word);
}

static int take_name(const u8 *text, size_t len, size_t *pos,
		     const struct cma_word *kind, struct cma_requirement *req,
		     struct cma_policy_fault *fault)
{
	int rc;

	req->want = CMA_NAME_NONE;
	if (is_word(kind, "none"))
		return 1;
	req->want = CMA_NAME_PCI;
	if (is_word(kind, "pci"))
		return 1;
	req->want = is_word(kind, "dmtf") ? CMA_NAME_DMTF : CMA_NAME_PREFIX;
	if (req->want == CMA_NAME_PREFIX && !is_word(kind, "dmtf-prefix"))
		return bad(fault, "Kind of name is not pci, dmtf, dmtf-prefix or none",
			   kind);
	rc = operand(text, len, pos, kind, &req->text, fault);
	if (rc)
		return rc;
	/* "ACME" would be the beginning of "ACMEVILLE:..." too. */
	if (req->want == CMA_NAME_PREFIX && req->text.s[req->text.len - 1] != ':')
		return bad(fault, "Prefix of a name does not end with a colon",
			   &req->text);
	return 1;
}

int cma_next_requirement(const u8 *text, size_t len, size_t *pos,
			 struct cma_requirement *req,
			 struct cma_policy_fault *fault)
{
	struct cma_word word, value;
	int rc;

	rc = next_word(text, len, pos, &word, fault);
	if (rc <= 0)
		return rc;
	if (!is_word(&word, "name") && !is_word(&word, "pin"))
		return bad(fault, "Unknown word", &word);
	rc = operand(text, len, pos, &word, &value, fault);
	if (rc)
		return rc;
	if (is_word(&word, "pin"))
		return take_pin(&value, req, fault);
	return take_name(text, len, pos, &value, req, fault);
}

static int check_requirements(const u8 *text, size_t len,
			      struct cma_policy_fault *fault)
{
	struct cma_requirement req = {};
	size_t pos = 0, names = 0;
	bool none = false;
	int rc;

	while ((rc = cma_next_requirement(text, len, &pos, &req, fault)) > 0) {
		if (req.want == CMA_PIN)
			continue;
		names++;
		none |= req.want == CMA_NAME_NONE;
	}
	if (rc)
		return rc;
	if (!names)
		return bad(fault, "Rule without the word name", NULL);
	return none && names > 1 ?
	       bad(fault, "Rule has name none and another name", NULL) : 0;
}

/* ---- lines ---- */

/* Take a word that names devices. Returns 1; 0 for another word; -EINVAL. */
static int take_match(const u8 *text, size_t len, size_t *pos,
		      const struct cma_word *word, struct line *l,
		      struct cma_policy_fault *fault)
{
	bool address = is_word(word, "address");
	struct cma_word value;
	int rc;

	if (is_word(word, "any")) {
		if (l->any || l->address || l->numbers)
			return bad(fault, "Word any is not the only one for devices",
				   word);
		l->any = true;
		return 1;
	}
	if (!address && !is_word(word, "id"))
		return 0;
	if (l->any || (address ? l->address : l->numbers > 0))
		return bad(fault, "Word is repeated, or any is in front of it", word);
	rc = operand(text, len, pos, word, &value, fault);
	if (rc)
		return rc;
	if (address) {
		l->address = cma_parse_address(value.s, value.len, &l->id);
		return l->address ? 1 :
		       bad(fault, "Address is not DOMAIN:BUS:DEVICE.FUNCTION", &value);
	}
	l->numbers = cma_parse_numbers(value.s, value.len, &l->id);
	return l->numbers ? 1 :
	       bad(fault, "ID is not one, two or four numbers of four hexadecimal digits",
		   &value);
}

/* Parse the words for devices. Returns 1; 0 for an empty line; -EINVAL. */
static int parse_matches(const u8 *text, size_t len, struct line *l,
			 struct cma_policy_fault *fault)
{
	struct cma_word word;
	size_t pos = 0;
	int rc;

	*l = (struct line) {};
	for (;;) {
		l->wants = pos;
		rc = next_word(text, len, &pos, &word, fault);
		if (rc <= 0)
			break;
		rc = take_match(text, len, &pos, &word, l, fault);
		if (rc <= 0)
			break;
	}
	if (rc < 0)
		return rc;
	if (l->any || l->address || l->numbers)
		return 1;
	/* A line without a word, or with a first word that names no device. */
	l->wants = 0;
	pos = 0;
	return next_word(text, len, &pos, &word, fault) <= 0 ? 0 :
	       bad(fault, "Rule does not begin with address, id or any", &word);
}

/* DEL is one too. The bytes of UTF-8 are not. */
static bool has_control(const u8 *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f)
			return true;
	return false;
}

/* Length of the line at @pos, without its newline. */
static size_t line_len(const u8 *text, size_t len, size_t pos)
{
	const u8 *end = memchr(text + pos, '\n', len - pos);

	return end ? (size_t)(end - text) - pos : len - pos;
}

static int check_line(const u8 *text, size_t len, size_t *rules,
		      struct cma_policy_fault *fault)
{
	struct line l;
	int rc;

	if (len > CMA_POLICY_LINE_MAX)
		return bad(fault, "Line is longer than 1024 bytes", NULL);
	if (has_control(text, len))
		return bad(fault, "Control character", NULL);
	rc = parse_matches(text, len, &l, fault);
	if (rc <= 0)
		return rc;
	++*rules;
	return check_requirements(text + l.wants, len - l.wants, fault);
}

int cma_policy_check(const u8 *text, size_t len, size_t *rules,
		     struct cma_policy_fault *fault)
{
	size_t n, pos = 0;
	int rc;

	*fault = (struct cma_policy_fault) {};
	*rules = 0;
	if (len > CMA_POLICY_MAX) {
		bad(fault, "Policy is longer than 65536 bytes", NULL);
		return -E2BIG;
	}
	while (pos < len) {
		n = line_len(text, len, pos);
		fault->line++;
		rc = check_line(text + pos, n, rules, fault);
		if (rc)
			return rc;
		pos += n + 1;
	}
	return 0;
}

/* ---- the rule for a device ---- */

static bool same_address(const struct cma_id *a, const struct cma_id *b)
{
	return a->domain == b->domain && a->bus == b->bus &&
	       a->slot == b->slot && a->function == b->function;
}

static bool same_numbers(const struct line *l, const struct cma_id *id)
{
	if (l->id.vendor != id->vendor)
		return false;
	if (l->numbers > 1 && l->id.device != id->device)
		return false;
	return l->numbers < 4 || !id->has_subsystem ||
	       (l->id.sub_vendor == id->sub_vendor &&
		l->id.sub_device == id->sub_device);
}

/* Returns 1; 0 if the line is for other devices; -ENODATA if @id lacks facts. */
static int matches(const struct line *l, const struct cma_id *id)
{
	if (l->numbers && !same_numbers(l, id))
		return 0;
	if (l->address && id->has_address && !same_address(&l->id, id))
		return 0;
	if ((l->address && !id->has_address) ||
	    (l->numbers == 4 && !id->has_subsystem))
		return -ENODATA;
	return 1;
}

int cma_policy_find(const u8 *text, size_t len, const struct cma_id *id,
		    struct cma_rule *rule)
{
	struct cma_policy_fault fault;
	size_t n, pos = 0, number = 0;
	struct line l;
	int rc;

	while (pos < len) {
		n = line_len(text, len, pos);
		number++;
		rc = parse_matches(text + pos, n, &l, &fault);
		if (rc < 0)
			return rc;
		if (rc)
			rc = matches(&l, id);
		if (rc) {
			while (l.wants < n && is_blank(text[pos + l.wants]))
				l.wants++;
			rule->line = number;
			rule->text = text + pos + l.wants;
			rule->len = n - l.wants;
			return rc;
		}
		pos += n + 1;
	}
	return 0;
}

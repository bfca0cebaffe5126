// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything that the command writes: messages, tables, JSON, bytes.
 *
 * No byte from outside reaches a terminal as it is. Text is escaped to
 * printable ASCII in messages and tables; in JSON it is UTF-8 without control
 * characters.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "out.h"

static bool quiet;
static bool colored;

/*
 * Standard output's buffer is ours, so that it can be overwritten: a hex dump
 * of a secret goes through it.
 */
static char stdout_buf[16384];

/**
 * out_init - make standard input, output and error usable
 *
 * To be called before any file is opened: with a descriptor closed by our
 * caller, the next open() would take its number, and what we print would go
 * into that file. A closed standard output is replaced by one that gives an
 * error when it is written to.
 */
void out_init(void)
{
	static const int flags[] = { O_WRONLY, O_RDONLY, O_WRONLY };
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			/* The lowest free number is fd: those below are open. */
			if (open("/dev/null", flags[fd]) != fd)
				_exit(CCG_FAILED);

	setvbuf(stdout, stdout_buf, _IOFBF, sizeof(stdout_buf));
	/* A wipe must not end half-way because nobody reads what we say. */
	signal(SIGPIPE, SIG_IGN);
}

/**
 * out_lock - keep standard output's buffer out of the swap
 * @ctx: the library's context
 *
 * To be called before a secret is printed.
 */
void out_lock(struct ccg_ctx *ctx)
{
	ccg_lock_memory(ctx, stdout_buf, sizeof(stdout_buf));
}

/**
 * out_set - say how to write
 * @color: --color
 * @be_quiet: -q
 */
void out_set(enum out_when color, bool be_quiet)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	quiet = be_quiet;
	colored = color == OUT_ALWAYS ||
		  (color == OUT_AUTO && isatty(STDOUT_FILENO) &&
		   !(no_color && *no_color) && term && strcmp(term, "dumb"));
}

/**
 * out_quiet - find out whether to be quiet
 *
 * Return: whether -q was given.
 */
bool out_quiet(void)
{
	return quiet;
}

/* Whoever read our output has had enough: `ccguest ... | head`. */
static bool reader_is_gone(void)
{
	struct pollfd pfd = { .fd = STDOUT_FILENO };
	struct stat st;

	if (fstat(STDOUT_FILENO, &st) ||
	    (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode)))
		return false;
	return poll(&pfd, 1, 0) == 1 && pfd.revents & (POLLERR | POLLHUP);
}

/**
 * out_close - end all output
 * @status: the exit status so far
 *
 * Return: the exit status, changed where something could not be written.
 */
int out_close(int status)
{
	bool failed = ferror(stdout);
	int err = EIO;

	if (fflush(stdout)) {
		failed = true;
		err = errno;
	}
	explicit_bzero(stdout_buf, sizeof(stdout_buf));
	/* Some file systems tell of a full disk only here. */
	if (!failed && close(STDOUT_FILENO)) {
		failed = true;
		err = errno;
	}
	if (!failed || err == EPIPE || reader_is_gone())
		return status;
	out_error("standard output", strerror(err), NULL);
	return status ? status : CCG_FAILED;
}

_Noreturn static void no_memory(void)
{
	out_error("memory", strerror(ENOMEM), NULL);
	exit(CCG_FAILED);
}

/**
 * out_alloc - realloc() that does not fail
 * @old: memory from here, or NULL
 * @size: its new size
 *
 * Return: the memory.
 */
void *out_alloc(void *old, size_t size)
{
	void *p = realloc(old, size);

	if (!p)
		no_memory();
	return p;
}

static char *put_escape(char *p, unsigned char c)
{
	static const char digit[] = "0123456789abcdef";

	*p++ = '\\';
	*p++ = 'x';
	*p++ = digit[c >> 4];
	*p++ = digit[c & 15];
	return p;
}

/**
 * out_escaped - make a string safe to print
 * @s: any bytes
 *
 * Return: the same in printable ASCII, other bytes and backslashes as \xNN;
 * free it with free().
 */
char *out_escaped(const char *s)
{
	char *copy = out_alloc(NULL, 4 * strlen(s) + 1);
	char *p = copy;
	unsigned char c;

	for (; (c = *s); s++) {
		if (c >= ' ' && c <= '~' && c != '\\')
			*p++ = c;
		else
			p = put_escape(p, c);
	}
	*p = '\0';
	return copy;
}

/* So many bytes at the beginning that are themselves in text of any kind. */
static size_t plain_len(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= ' ' && s[n] <= '~' && s[n] != '"' &&
	       s[n] != '\\')
		n++;
	return n;
}

/**
 * out_text - print a string as out_escaped() makes it safe
 * @s: any bytes
 */
void out_text(const char *s)
{
	const char *p = s;
	char escape[4];

	for (;; p++) {
		if (*p >= ' ' && *p <= '~' && *p != '\\')
			continue;
		fwrite_unlocked(s, 1, p - s, stdout);
		if (!*p)
			return;
		put_escape(escape, *p);
		fwrite_unlocked(escape, 1, sizeof(escape), stdout);
		s = p + 1;
	}
}

/**
 * out_column - print a cell of a line whose columns are fixed
 * @text: safe text
 * @width: of the column; two blanks follow
 * @right: whether it is a number
 *
 * What printf() does, for tens of thousands of lines.
 */
void out_column(const char *text, size_t width, bool right)
{
	static const char blanks[] = "                                ";
	size_t len = strlen(text), pad = len < width ? width - len : 0;

	if (right)
		fwrite_unlocked(blanks, 1, pad, stdout);
	fwrite_unlocked(text, 1, len, stdout);
	fwrite_unlocked(blanks, 1, right ? 2 : pad + 2, stdout);
}

/**
 * out_error - print the one line that an error has, and its hint
 * @what: path or thing
 * @why: reason
 * @hint: what to do about it; NULL or empty where there is nothing
 */
void out_error(const char *what, const char *why, const char *hint)
{
	char *w = out_escaped(what), *y = out_escaped(why);

	fprintf(stderr, "ccguest: %s: %s\n", w, y);
	free(w);
	free(y);
	if (hint && *hint) {
		w = out_escaped(hint);
		fprintf(stderr, "ccguest: hint: %s\n", w);
		free(w);
	}
}

__printf(3, 0)
static void print_line(FILE *f, const char *prefix, const char *fmt,
		       va_list ap)
{
	char *text, *safe;

	if (vasprintf(&text, fmt, ap) < 0)
		no_memory();
	safe = out_escaped(text);
	fprintf(f, "%s%s\n", prefix, safe);
	free(safe);
	free(text);
}

/**
 * out_note - tell people something that is no result and no error
 * @fmt: a line without a newline, with the arguments that follow
 */
void out_note(const char *fmt, ...)
{
	va_list ap;

	if (quiet)
		return;
	va_start(ap, fmt);
	print_line(stderr, "ccguest: ", fmt, ap);
	va_end(ap);
}

/**
 * out_result - tell people what was done
 * @fmt: a line without a newline, with the arguments that follow
 */
void out_result(const char *fmt, ...)
{
	va_list ap;

	if (quiet)
		return;
	va_start(ap, fmt);
	print_line(stdout, "", fmt, ap);
	va_end(ap);
}

/**
 * out_progress - show on a terminal how far something is
 * @arg: ignored
 * @what: what it works on
 * @done: how much of it is done
 * @all: how much there is
 */
void out_progress(void *arg, const char *what, uint64_t done, uint64_t all)
{
	static uint64_t shown = -1;
	uint64_t percent = all && done < all ? 100 * done / all : 100;
	char *safe;

	(void)arg;
	if (quiet || percent == shown || !isatty(STDERR_FILENO))
		return;
	shown = percent;
	safe = out_escaped(what);
	/* Back to the start of the line; all of it goes in the end. */
	if (percent < 100)
		fprintf(stderr, "\r%3d %% of %s\033[K", (int)percent, safe);
	else
		fprintf(stderr, "\r\033[K");
	free(safe);
}

/**
 * out_colored - print text in a colour, if colours are to be used
 * @color: the colour
 * @text: safe text
 */
void out_colored(enum out_color color, const char *text)
{
	static const char *const on[] = {
		[OUT_PLAIN] = "",
		[OUT_BOLD] = "\033[1m",
		[OUT_GOOD] = "\033[32m",
		[OUT_BAD] = "\033[31m",
		[OUT_WARN] = "\033[33m",
	};
	bool use = colored && color != OUT_PLAIN && *text;

	printf("%s%s%s", use ? on[color] : "", text, use ? "\033[0m" : "");
}

/**
 * out_bytes - write bytes to standard output as they are
 * @buf: the bytes
 * @len: their number
 *
 * Not through stdio, which would keep a copy.
 *
 * Return: 0, too where the reader of a pipe has gone; or the exit status, after
 * it was said why.
 */
int out_bytes(const uint8_t *buf, size_t len)
{
	struct pollfd pfd = { .fd = STDOUT_FILENO, .events = POLLOUT };
	ssize_t n;

	while (len) {
		n = write(STDOUT_FILENO, buf, len);
		if (n < 0 && errno == EAGAIN) {
			poll(&pfd, 1, -1);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EPIPE)
			return 0;
		if (n < 0) {
			out_error("standard output", strerror(errno), NULL);
			return CCG_FAILED;
		}
		buf += n;
		len -= n;
	}
	return 0;
}

/**
 * out_dump - print bytes in hexadecimal and as text
 * @buf: the bytes
 * @len: their number
 */
void out_dump(const uint8_t *buf, size_t len)
{
	size_t i, j;

	for (i = 0; i < len; i += 16) {
		printf("  %08zx ", i);
		for (j = i; j < i + 16; j++) {
			printf("%s", j % 8 ? " " : j % 16 ? "  " : " ");
			if (j < len)
				printf("%02x", buf[j]);
			else
				printf("  ");
		}
		printf("  |");
		for (j = i; j < i + 16 && j < len; j++)
			putchar(buf[j] >= ' ' && buf[j] <= '~' ? buf[j] : '.');
		printf("|\n");
	}
}

/* ---- tables ---- */

/**
 * out_table_init - start a table
 * @t: the table
 * @heads: headings, @n_cols of them; NULL for none
 * @n_cols: number of columns
 * @right: bit mask of columns that are numbers
 */
void out_table_init(struct out_table *t, const char *const *heads,
		    size_t n_cols, unsigned int right)
{
	*t = (struct out_table) {
		.heads = heads,
		.n_cols = n_cols,
		.right = right,
	};
}

/**
 * out_cell - set a cell of a table
 * @t: the table
 * @col: the column; 0 begins a new row
 * @color: colour of the cell
 * @text: any bytes; NULL or empty is shown as "-"
 */
void out_cell(struct out_table *t, size_t col, enum out_color color,
	      const char *text)
{
	size_t i;

	if (!col) {
		size_t n = (t->n_rows + 1) * t->n_cols;

		t->cells = out_alloc(t->cells, n * sizeof(*t->cells));
		t->colors = out_alloc(t->colors, n * sizeof(*t->colors));
		for (i = t->n_rows * t->n_cols; i < n; i++)
			t->cells[i] = NULL;
		t->n_rows++;
	}
	i = (t->n_rows - 1) * t->n_cols + col;
	t->cells[i] = out_escaped(text && *text ? text : "-");
	t->colors[i] = color;
}

static void print_cell(const struct out_table *t, size_t col, size_t width,
		       enum out_color color, const char *text)
{
	int pad = (int)(width - strlen(text));
	bool right = t->right & 1U << col;

	if (right)
		printf("%*s", pad, "");
	out_colored(color, text);
	if (col + 1 == t->n_cols)
		printf("\n");
	else
		printf("%*s", right ? 2 : pad + 2, "");
}

/**
 * out_row - add a row to a table that has a name and a value in each
 * @t: the table
 * @name: the name
 * @color: of the value
 * @fmt: the value, with the arguments that follow
 */
void out_row(struct out_table *t, const char *name, enum out_color color,
	     const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	out_cell(t, 0, OUT_PLAIN, name);
	out_cell(t, 1, color, text);
	free(text);
}

/**
 * out_table_print - print a table, and free it
 * @t: the table
 */
void out_table_print(struct out_table *t)
{
	size_t width[OUT_COLS_MAX];
	size_t row, col, len;

	for (col = 0; col < t->n_cols; col++) {
		width[col] = t->heads ? strlen(t->heads[col]) : 0;
		for (row = 0; row < t->n_rows; row++) {
			len = strlen(t->cells[row * t->n_cols + col]);
			if (len > width[col])
				width[col] = len;
		}
	}
	for (col = 0; t->heads && col < t->n_cols; col++)
		print_cell(t, col, width[col], OUT_BOLD, t->heads[col]);
	for (row = 0; row < t->n_rows; row++) {
		for (col = 0; col < t->n_cols; col++) {
			len = row * t->n_cols + col;
			print_cell(t, col, width[col], t->colors[len],
				   t->cells[len]);
			free(t->cells[len]);
		}
	}
	free(t->cells);
	free(t->colors);
}

/* ---- JSON ---- */

/**
 * out_json_have - make sure that a value could be made
 * @val: the value, or NULL where there was no memory for it
 *
 * Return: the value.
 */
struct json_object *out_json_have(struct json_object *val)
{
	if (!val)
		no_memory();
	return val;
}

/**
 * out_json_add - add a value to an object or an array
 * @o: the object; an array where there is no key
 * @key: under this key, or NULL
 * @val: the value, which is @o's from now on; NULL for null
 */
void out_json_add(struct json_object *o, const char *key,
		  struct json_object *val)
{
	if (key ? json_object_object_add(o, key, val) :
		  json_object_array_add(o, val))
		no_memory();
}

/**
 * out_json - start the object that a verb prints
 * @cmd: the command
 *
 * Return: the object, with its schema.
 */
struct json_object *out_json(const struct cmd *cmd)
{
	struct json_object *o = out_json_have(json_object_new_object());
	char schema[64];

	snprintf(schema, sizeof(schema), "ccguest/%s%s%s/1", cmd->group->name,
		 cmd->verb->name ? "-" : "",
		 cmd->verb->name ? cmd->verb->name : "");
	out_json_str(o, "schema", schema);
	return o;
}

/*
 * The first character of a string, as the Unicode Standard has it in table 3-7;
 * its length in bytes, or 0 where it is no UTF-8. A NUL is part of none.
 */
static size_t utf8_char(const char *s, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = *s;
	size_t i, len;

	if (c < 0x80) {
		*cp = c;
		return 1;
	}
	if (c >= 0xc0 && c < 0xe0)
		len = 2;
	else if (c >= 0xe0 && c < 0xf0)
		len = 3;
	else if (c >= 0xf0 && c < 0xf8)
		len = 4;
	else
		return 0;
	*cp = c & (0x7fU >> len);
	for (i = 1; i < len; i++) {
		c = s[i];
		if ((c & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (c & 0x3f);
	}
	if (*cp < least[len] || *cp > 0x10ffff ||
	    (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return len;
}

/*
 * Those that may be said as they are, and those that json-c does not escape
 * although terminals obey them: DEL and the C1 set, and what changes the
 * direction of a line.
 */
static bool is_control(uint32_t cp)
{
	return (cp >= 0x7f && cp <= 0x9f) || cp == 0x61c ||
	       cp == 0x200e || cp == 0x200f ||
	       (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2066 && cp <= 0x2069);
}

static void put_quoted(const char *s, size_t len, uint32_t cp)
{
	if (cp == '"' || cp == '\\')
		printf("\\%c", (int)cp);
	else if (len == 1 && !cp)
		printf("\\0");
	else if (len == 1 && cp == '\n')
		printf("\\n");
	else if (len && cp >= ' ' && !is_control(cp))
		fwrite(s, 1, len, stdout);
	else if (len > 1)
		printf("\\u%04x", cp);
	else
		printf("\\x%02x", (unsigned char)*s);
}

/**
 * out_quoted - print a string as YAML has it
 * @s: any bytes; what is no UTF-8 becomes \xNN
 * @len: their number
 */
void out_quoted(const char *s, size_t len)
{
	char window[5];
	uint32_t cp;
	size_t n;

	putchar('"');
	for (; len; s += n, len -= n) {
		n = plain_len(s, len);
		if (n) {
			fwrite_unlocked(s, 1, n, stdout);
			continue;
		}
		/* Ends with a NUL, which is part of no character. */
		n = len < 4 ? len : 4;
		memcpy(window, s, n);
		window[n] = '\0';
		n = utf8_char(window, &cp);
		put_quoted(s, n, n ? cp : 0x80);
		n = n ? n : 1;
	}
	putchar('"');
}

/**
 * out_json_text - add a string to an object or an array
 * @o: the object; an array where there is no key
 * @key: under this key, or NULL
 * @value: any bytes, NULs too; what is no UTF-8 becomes \xNN; NULL for null
 * @len: their number
 */
void out_json_text(struct json_object *o, const char *key, const char *value,
		   size_t len)
{
	struct json_object *s = NULL;
	char *copy, *p, window[5];
	uint32_t cp;
	size_t n;

	if (value) {
		copy = out_alloc(NULL, 4 * len + 1);
		for (p = copy; len; value += n, len -= n) {
			n = plain_len(value, len);
			if (n) {
				p = mempcpy(p, value, n);
				continue;
			}
			n = len < 4 ? len : 4;
			memcpy(window, value, n);
			window[n] = '\0';
			n = utf8_char(window, &cp);
			if (n)
				p = mempcpy(p, value, n);
			else
				p = put_escape(p, *value);
			n = n ? n : 1;
		}
		s = out_json_have(json_object_new_string_len(copy, p - copy));
		free(copy);
	}
	out_json_add(o, key, s);
}

/**
 * out_json_str - add a string to an object or an array
 * @o: the object; an array where there is no key
 * @key: under this key, or NULL
 * @value: any bytes; what is no UTF-8 becomes \xNN; NULL for null
 */
void out_json_str(struct json_object *o, const char *key, const char *value)
{
	out_json_text(o, key, value, value ? strlen(value) : 0);
}

/**
 * out_json_int - add a number to an object or an array
 * @o: the object; an array where there is no key
 * @key: under this key, or NULL
 * @value: the number
 */
void out_json_int(struct json_object *o, const char *key, uint64_t value)
{
	out_json_add(o, key, out_json_have(json_object_new_uint64(value)));
}

/**
 * out_json_bool - add a truth value to an object
 * @o: the object
 * @key: under this key
 * @value: the value
 */
void out_json_bool(struct json_object *o, const char *key, bool value)
{
	out_json_add(o, key, out_json_have(json_object_new_boolean(value)));
}

/**
 * out_json_array - add an array to an object
 * @o: the object
 * @key: under this key
 *
 * Return: the array, empty.
 */
struct json_object *out_json_array(struct json_object *o, const char *key)
{
	struct json_object *array = out_json_have(json_object_new_array());

	out_json_add(o, key, array);
	return array;
}

/**
 * out_json_item - add an object to an array
 * @array: the array
 *
 * Return: the object, empty.
 */
struct json_object *out_json_item(struct json_object *array)
{
	struct json_object *o = out_json_have(json_object_new_object());

	out_json_add(array, NULL, o);
	return o;
}

/**
 * out_json_print - print an object, and free it
 * @cmd: the command
 * @o: the object
 */
void out_json_print(const struct cmd *cmd, struct json_object *o)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *text;
	size_t len, left;
	uint32_t cp;

	if (cmd->json == JSON_PRETTY)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	/* json-c leaves out what it has no memory for. */
	errno = 0;
	text = json_object_to_json_string_ext(o, flags);
	if (!text || errno == ENOMEM)
		no_memory();
	/* Beyond ASCII there is nothing but in strings, and all is UTF-8. */
	for (left = strlen(text); left; text += len, left -= len) {
		len = plain_len(text, left);
		if (!len)
			len = utf8_char(text, &cp);
		else
			cp = ' ';
		if (!len)
			break;
		if (is_control(cp))
			printf("\\u%04x", cp);
		else
			fwrite_unlocked(text, 1, len, stdout);
	}
	putchar('\n');
	json_object_put(o);
}

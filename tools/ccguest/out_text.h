/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text, messages and bytes that the command writes.
 *
 * No byte from outside reaches a terminal as it is. Messages and tables have
 * printable ASCII only. JSON and YAML have UTF-8 without control characters.
 */
#ifndef CCGUEST_OUT_TEXT_H
#define CCGUEST_OUT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ccguest/ctx.h>

#define __printf(fmt, args)	__attribute((__format__(printf, fmt, args)))

struct ccg_ctx;

/* The sinks for JSON and YAML accept this many levels of nesting. */
#define OUT_DEPTH_MAX	10

enum out_color {
	OUT_PLAIN,
	OUT_BOLD,
	OUT_GOOD,
	OUT_BAD,
	OUT_WARN,
};

enum out_when {
	OUT_AUTO,
	OUT_ALWAYS,
	OUT_NEVER,
};

/**
 * out_init - make standard input, output and error usable
 *
 * Call this before any file is opened. Where the caller of ccguest has closed
 * a descriptor, the next open() takes its number, and messages would go into
 * that file. out_init() replaces a closed standard output by a descriptor that
 * gives an error when something is written to it.
 */
void out_init(void);

/**
 * out_lock - lock the buffer of standard output, so that it cannot be swapped out
 * @ctx: context of libccguest
 *
 * Call this before a secret is printed.
 */
void out_lock(struct ccg_ctx *ctx);

/**
 * out_set - set colours and quietness
 * @color: --color
 * @be_quiet: -q
 */
void out_set(enum out_when color, bool be_quiet);

/**
 * out_quiet - find out whether only errors and results are printed
 *
 * Return: whether -q was given.
 */
bool out_quiet(void);

/**
 * out_close - flush and close standard output
 * @status: the exit status so far
 *
 * Return: @status; CCG_FAILED where @status is 0 and the output could not be
 * written.
 */
int out_close(int status);

/**
 * out_no_memory - print that there is no memory, and end the process
 */
_Noreturn void out_no_memory(void);

/**
 * out_alloc - realloc() that does not fail
 * @old: memory from here, or NULL
 * @size: its new size
 *
 * Return: the memory.
 */
void *out_alloc(void *old, size_t size);

/**
 * out_escaped - make a string safe to print
 * @s: any bytes
 *
 * Return: @s in printable ASCII, with \xNN for other bytes and for backslashes;
 * free it with free().
 */
char *out_escaped(const char *s);

/**
 * out_text - print a string with the escapes of out_escaped()
 * @s: any bytes
 */
void out_text(const char *s);

/**
 * out_quoted - print a string in double quotes, with the escapes of YAML
 * @s: any bytes; bytes that are not UTF-8 become \xNN
 * @len: their number
 */
void out_quoted(const char *s, size_t len);

/**
 * out_utf8 - make a text well-formed UTF-8
 * @s: any bytes, NULs too
 * @len: their number
 * @copied: set to the length of the result
 *
 * Return: the text with \xNN for each byte that is not part of UTF-8; free it
 * with free().
 */
char *out_utf8(const char *s, size_t len, size_t *copied);

/**
 * out_column - print a cell of a line that has columns of fixed width
 * @text: safe text
 * @width: width of the column; two blanks follow the column
 * @right: align the text at the right side, as numbers are
 *
 * This is faster than printf(): a log may have tens of thousands of lines.
 */
void out_column(const char *text, size_t width, bool right);

/**
 * out_error - print an error in one line, and its hint in another
 * @what: the path or the thing that the error is about
 * @why: the reason
 * @hint: what the user can do; NULL or empty for none
 */
void out_error(const char *what, const char *why, const char *hint);

/**
 * out_note - print a note on standard error, unless -q was given
 * @fmt: a line without its newline, and its arguments
 */
__printf(1, 2)
void out_note(const char *fmt, ...);

/**
 * out_result - print what was done on standard output, unless -q was given
 * @fmt: a line without its newline, and its arguments
 */
__printf(1, 2)
void out_result(const char *fmt, ...);

/**
 * out_progress - show progress where standard error is a terminal
 * @arg: ignored
 * @what: the name of the work
 * @done: how much of the work is done
 * @all: how much work there is
 *
 * The line is cut to the width of the terminal.
 */
void out_progress(void *arg, const char *what, uint64_t done, uint64_t all);

/**
 * out_colored - print text, in a colour where colours are enabled
 * @color: the colour
 * @text: safe text
 */
void out_colored(enum out_color color, const char *text);

/**
 * out_bytes - write bytes to standard output without a change
 * @buf: the bytes
 * @len: their number
 *
 * This does not use stdio, which would keep a copy of the bytes.
 *
 * Return: 0, also where the reader of a pipe has gone away; else the exit
 * status, and the error has been printed.
 */
int out_bytes(const uint8_t *buf, size_t len);

/**
 * out_dump - print bytes in hexadecimal and as text
 * @buf: the bytes
 * @len: their number
 */
void out_dump(const uint8_t *buf, size_t len);

#endif /* CCGUEST_OUT_TEXT_H */

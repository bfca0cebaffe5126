/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output of text, messages and bytes.
 *
 * Bytes from outside are escaped before a terminal sees them. Messages are
 * printable ASCII, because they end up in logs and mails. Tables, JSON and YAML
 * are UTF-8 without control characters.
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
 * Call out_init() before any file is opened. If the parent process has closed a
 * standard descriptor, the next open() returns its number, and messages would
 * be written into that file. out_init() replaces a closed standard output by a
 * descriptor on which each write fails.
 */
void out_init(void);

/**
 * out_lock - lock the buffer of standard output, so that it cannot be swapped out
 * @ctx: context of libccguest
 *
 * Call out_lock() before a secret is printed.
 */
void out_lock(struct ccg_ctx *ctx);

/**
 * out_set - set colours and quietness
 * @color: --color
 * @be_quiet: -q
 */
void out_set(enum out_when color, bool be_quiet);

/**
 * out_quiet - get the option -q
 *
 * Return: true if -q was given.
 */
bool out_quiet(void);

/**
 * out_close - flush and close standard output
 * @status: the exit status so far
 *
 * Return: @status; CCG_FAILED if @status is 0 and the output could not be
 * written.
 */
int out_close(int status);

/**
 * out_no_memory - print an error about missing memory, and exit
 */
_Noreturn void out_no_memory(void);

/**
 * out_alloc - realloc() that never returns NULL
 * @old: memory from out_alloc(), or NULL
 * @size: new size in bytes
 *
 * Return: the memory. The process ends if there is none.
 */
void *out_alloc(void *old, size_t size);

/**
 * out_escaped - escape a string for a message
 * @s: any bytes
 *
 * Return: @s in printable ASCII, with \xNN for other bytes and for backslashes;
 * free it with free().
 */
char *out_escaped(const char *s);

/**
 * out_printable - escape a string for a table
 * @s: any bytes
 *
 * Return: @s with \xNN for each byte that is not part of a printable character
 * of UTF-8; free it with free(). A backslash stays as it is.
 */
char *out_printable(const char *s);

/**
 * out_text - print a string with the escapes of out_printable()
 * @s: any bytes
 */
void out_text(const char *s);

/**
 * out_quoted - print a string in double quotes, with the escapes of YAML
 * @s: any bytes; bytes that are not UTF-8 become \xNN
 * @len: length of @s in bytes
 */
void out_quoted(const char *s, size_t len);

/**
 * out_utf8 - convert bytes to well-formed UTF-8
 * @s: any bytes, also NULs
 * @len: length of @s in bytes
 * @copied: set to the length of the result in bytes
 *
 * Return: the text with \xNN for each byte that is not part of UTF-8; free it
 * with free().
 */
char *out_utf8(const char *s, size_t len, size_t *copied);

/**
 * out_column - print a cell of a line with columns of fixed width
 * @text: printable text, already escaped
 * @width: width of the column; two blanks follow it
 * @right: align to the right, for numbers
 *
 * The function is faster than printf(): a log may have tens of thousands of
 * lines.
 */
void out_column(const char *text, size_t width, bool right);

/**
 * out_error - print an error and a hint, one line each
 * @what: the object of the error, such as a path
 * @why: the reason
 * @hint: advice for the user; NULL or empty for none
 */
void out_error(const char *what, const char *why, const char *hint);

/**
 * out_note - print a note on standard error, unless -q was given
 * @fmt: one line without the newline, with the arguments that follow
 */
__printf(1, 2)
void out_note(const char *fmt, ...);

/**
 * out_result - print a result on standard output, unless -q was given
 * @fmt: one line without the newline, with the arguments that follow
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
 * out_colored - print text, in colour if colours are enabled
 * @color: the colour
 * @text: printable text, already escaped
 */
void out_colored(enum out_color color, const char *text);

/**
 * out_bytes - write bytes to standard output unchanged
 * @buf: the bytes
 * @len: length of @buf in bytes
 *
 * The function bypasses stdio, which would keep a copy of the bytes.
 *
 * Return: 0, also if the reader closed the pipe. On another failure, the
 * function prints the error and returns the exit status.
 */
int out_bytes(const uint8_t *buf, size_t len);

/**
 * out_dump - print bytes in hexadecimal and as text
 * @buf: the bytes
 * @len: length of @buf in bytes
 */
void out_dump(const uint8_t *buf, size_t len);

#endif /* CCGUEST_OUT_TEXT_H */

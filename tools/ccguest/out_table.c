// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables as text.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out_table.h"
#include "utf8.h"

void out_table_init(struct out_table *t, const char *const *heads,
		    size_t n_cols, unsigned int right)
{
	*t = (struct out_table) {
		.heads = heads,
		.n_cols = n_cols,
		.right = right,
	};
}

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
	t->cells[i] = out_printable(text && *text ? text : "-");
	t->colors[i] = color;
}

static void print_cell(const struct out_table *t, size_t col, size_t width,
		       enum out_color color, const char *text)
{
	int pad = (int)(width - utf8_width(text));
	bool right = t->right & 1U << col;

	if (right)
		printf("%*s", pad, "");
	out_colored(color, text);
	if (col + 1 == t->n_cols)
		printf("\n");
	else
		printf("%*s", right ? 2 : pad + 2, "");
}

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

void out_table_print(struct out_table *t)
{
	size_t width[OUT_COLS_MAX];
	size_t row, col, len;

	for (col = 0; col < t->n_cols; col++) {
		width[col] = t->heads ? strlen(t->heads[col]) : 0;
		for (row = 0; row < t->n_rows; row++) {
			len = utf8_width(t->cells[row * t->n_cols + col]);
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

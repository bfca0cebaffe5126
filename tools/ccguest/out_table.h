/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables as text.
 */
#ifndef CCGUEST_OUT_TABLE_H
#define CCGUEST_OUT_TABLE_H

#include <stddef.h>

#include "out_text.h"

/* The largest number of columns of a table. */
#define OUT_COLS_MAX	6

/**
 * struct out_table - a table
 * @heads: headings, or NULL
 * @n_cols: number of columns
 * @right: bit mask of right-aligned columns, for numbers
 * @n_rows: number of rows so far
 * @cells: the cells, row by row
 * @colors: the colours of the cells
 */
struct out_table {
	const char *const *heads;
	size_t n_cols;
	unsigned int right;
	size_t n_rows;
	char **cells;
	enum out_color *colors;
};

/**
 * out_table_init - start a table
 * @t: the table
 * @heads: headings, @n_cols of them; NULL for none
 * @n_cols: number of columns
 * @right: bit mask of right-aligned columns, for numbers
 */
void out_table_init(struct out_table *t, const char *const *heads,
		    size_t n_cols, unsigned int right);

/**
 * out_cell - set a cell of a table
 * @t: the table
 * @col: number of the column; 0 starts a new row
 * @color: colour of the cell
 * @text: any bytes; NULL and the empty string are shown as "-"
 */
void out_cell(struct out_table *t, size_t col, enum out_color color,
	      const char *text);

/**
 * out_row - add a row to a table of two columns, name and value
 * @t: the table
 * @name: the name
 * @color: colour of the value
 * @fmt: format of the value, with the arguments that follow
 */
__printf(4, 5)
void out_row(struct out_table *t, const char *name, enum out_color color,
	     const char *fmt, ...);

/**
 * out_table_print - print a table, and free it
 * @t: the table
 */
void out_table_print(struct out_table *t);

#endif /* CCGUEST_OUT_TABLE_H */

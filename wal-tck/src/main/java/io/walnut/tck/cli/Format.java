package io.walnut.tck.cli;

/** How something is printed. */
enum Format {
    /** For a person. */
    TEXT,
    /** For a program. */
    JSON
}
